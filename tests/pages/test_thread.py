"""Threads kept for people who have signed in: never outdated, and without what they may not see."""

import pytest

from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core import clock, kept_rows
from forum.core.db import Database
from forum.pages import thread
from forum.pages.thread import Thread
from forum.posts.models import Comment, Post
from forum.posts.queries.question import AnswerOrder
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.statements import recorded

READER = Actor(id=10**6, name="Bo", role="member", reputation=1)
MODERATOR = Actor(id=10**6 + 1, name="Mo", role="moderator", reputation=1)


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        question = make_question(session, make_user(session, "Ann"))
        make_comment(session, make_answer(session, question, make_user(session)), make_user(session))
        return question


def _read(
    database: Database, question_id: int, viewer: Actor = READER, page: int = 1
) -> tuple[Thread | None, int]:
    """Return the thread, which is always what is read without keeping any, and the number of statements."""
    with recorded(database) as statements, database.reading() as session:
        found = thread.read_kept(session, viewer, question_id, order=AnswerOrder.SCORE, page=page)
    # Nothing is kept for a session that may write.
    with database.write() as session:
        assert found == thread.read(session, viewer, question_id, order=AnswerOrder.SCORE, page=page)
    return found, len(statements)


def test_a_kept_thread_takes_one_statement_whoever_looks(database: Database, question: Post) -> None:
    counts = [_read(database, question.id, viewer)[1] for viewer in (READER, MODERATOR, READER)]

    assert counts == [5, 1, 1]


def test_a_write_is_seen_at_once(database: Database, question: Post) -> None:
    _read(database, question.id)
    with database.transaction() as session:
        session.get_one(User, question.author_id).name = "Anna"

    found, count = _read(database, question.id)

    assert found is not None
    assert found.question.post.author_name == "Anna"
    assert count == 5


@pytest.mark.parametrize("kind", ["answer", "comment", "question"])
def test_what_was_deleted_is_seen_by_its_author_and_moderators_alone(
    database: Database, question: Post, kind: str
) -> None:
    with database.transaction() as session:
        author = make_user(session, "Cy")
        posts = {"question": make_question(session, author), "answer": make_answer(session, question, author)}
        deleted = posts.get(kind) or make_comment(session, session.get_one(Post, question.id), author)
        deleted.deleted_at = clock.now()
        if kind == "answer":
            session.get_one(Post, question.id).answer_count -= 1
        place = deleted.id if kind == "question" else question.id
        eyes = Actor(id=author.id, name=author.name, role="member", reputation=1)

    seen = [_read(database, place, viewer)[0] for viewer in (eyes, READER, MODERATOR, eyes, READER)]

    assert [_holds(found, deleted) for found in seen] == [True, False, True, True, False]


def _holds(found: Thread | None, row: Post | Comment) -> bool:
    if found is None:
        return False
    comments = [comment for comments in found.comments.values() for comment in comments]
    ids = [post.id for post in (found.question.post, *found.answers)]
    return row.id in (ids if isinstance(row, Post) else [comment.id for comment in comments])


def test_how_often_it_was_looked_at_is_a_minute_old_at_most(
    database: Database, question: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_rows, "LONGEST", 0.0)

    assert [_read(database, question.id)[1] for _ in range(2)] == [5, 5]


def test_other_pages_and_orders_are_others(database: Database, question: Post) -> None:
    with database.transaction() as session:
        for _ in range(30):
            make_answer(session, session.get_one(Post, question.id), make_user(session))
    pages = [_read(database, question.id, page=page)[0] for page in (1, 2, 1)]

    assert [len(page.answers) if page else 0 for page in pages] == [30, 1, 30]
