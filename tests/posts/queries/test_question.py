from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.posts.models import Post, QuestionLink
from forum.posts.queries import question as threads
from forum.posts.queries.question import AnswerOrder
from forum.posts.rules import ANSWERS_PER_PAGE
from tests.factories import make_answer, make_comment, make_question, make_user

START = datetime(2026, 1, 1, tzinfo=UTC)
MODERATOR = Actor(id=10**6, name="Mo", role="moderator", reputation=1)
STRANGER = Actor(id=10**6 + 1, name="Stan", role="member", reputation=5000)


def _answer(session: Session, question: Post, number: int, **more: Any) -> int:
    created_at = START + timedelta(hours=number)
    return make_answer(session, question, created_at=created_at, **more).id


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (AnswerOrder.SCORE, ["accepted", "best", "early", "late"]),
        (AnswerOrder.OLDEST, ["accepted", "early", "best", "late"]),
        (AnswerOrder.NEWEST, ["accepted", "late", "best", "early"]),
        (AnswerOrder.ACTIVE, ["accepted", "early", "late", "best"]),
    ],
)
def test_the_accepted_answer_comes_first_and_then_the_sort_decides(
    database: Database, order: AnswerOrder, expected: list[str]
) -> None:
    with database.transaction() as session:
        question = make_question(session, created_at=START)
        ids = {
            "early": _answer(session, question, 1, score=1),
            "best": _answer(session, question, 2, score=9),
            "late": _answer(session, question, 3),
            "accepted": _answer(session, question, 4, score=-3, accepted=True),
        }
        edited = session.get(Post, ids["early"])
        assert edited is not None
        edited.edited_at = START + timedelta(days=1)
        question_id = question.id

    with database.reading() as session:
        found = threads.question(session, question_id, None)
        assert found is not None
        rows, total = threads.answers(session, found, None, order=order, page=1)

    assert [row.id for row in rows] == [ids[name] for name in expected]
    assert total == 4


@pytest.mark.parametrize(
    ("viewer", "sees"), [("stranger", False), ("visitor", False), ("author", True), ("moderator", True)]
)
def test_deleted_things_are_shown_to_their_author_and_moderators_only(
    database: Database, viewer: str, sees: bool
) -> None:
    with database.transaction() as session:
        author = make_user(session)
        question = make_question(session, author)
        answer = make_answer(session, question, author, deleted_at=START)
        make_comment(session, question, author, deleted_at=START)
        gone = make_question(session, author, deleted_at=START)
        ids = (question.id, answer.id, gone.id)
        who = Actor(id=author.id, name=author.name, role="member", reputation=1)
    eyes = {"stranger": STRANGER, "visitor": None, "author": who, "moderator": MODERATOR}[viewer]

    with database.reading() as session:
        found = threads.question(session, ids[0], eyes)
        assert found is not None
        rows, total = threads.answers(session, found, eyes, order=AnswerOrder.SCORE, page=1)
        comments = threads.comments(session, [ids[0]], eyes)
        deleted = threads.question(session, ids[2], eyes)
        place = threads.place_of_answer(session, ids[1], eyes)

    assert (len(rows) == 1, total == 1, len(comments) == 1, deleted is not None, place is not None) == (
        (sees,) * 5
    )


def test_an_answer_below_a_deleted_question_leads_nowhere(database: Database) -> None:
    with database.transaction() as session:
        answerer = make_user(session)
        question = make_question(session, make_user(session), deleted_at=START)
        answer_id = make_answer(session, question, answerer).id
        who = Actor(id=answerer.id, name=answerer.name, role="member", reputation=1)

    with database.reading() as session:
        assert threads.place_of_answer(session, answer_id, who) is None
        assert threads.thread_of(session, answer_id, who) is None
        assert threads.place_of_answer(session, answer_id, MODERATOR) is not None


def test_no_question_has_the_id_of_an_answer(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session)
        answer_id = make_answer(session, question).id

    with database.reading() as session:
        assert threads.question(session, answer_id, MODERATOR) is None


def test_the_place_of_an_answer_is_the_page_that_shows_it(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, created_at=START)
        ids = [_answer(session, question, number, score=-number) for number in range(ANSWERS_PER_PAGE + 3)]
        question_id = question.id

    with database.reading() as session:
        found = threads.question(session, question_id, None)
        assert found is not None
        for answer_id in (ids[0], ids[ANSWERS_PER_PAGE - 1], ids[ANSWERS_PER_PAGE]):
            place = threads.place_of_answer(session, answer_id, None)
            assert place is not None
            rows, total = threads.answers(session, found, None, order=AnswerOrder.SCORE, page=place.page)
            assert answer_id in [row.id for row in rows]
            assert total == len(ids)
        assert threads.answers(session, found, None, order=AnswerOrder.SCORE, page=9) == ((), 0)


def test_comments_come_in_the_order_of_time(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session)
        ids = [
            make_comment(session, question, created_at=START + timedelta(minutes=minutes)).id
            for minutes in (30, 10, 20)
        ]
        question_id = question.id

    with database.reading() as session:
        rows = threads.comments(session, [question_id], None)

    assert [row.id for row in rows] == [ids[1], ids[2], ids[0]]


def test_links_are_followed_both_ways_and_each_question_comes_once(database: Database) -> None:
    with database.transaction() as session:
        here, there, back = (make_question(session, score=score) for score in (0, 1, 5))
        gone = make_question(session, deleted_at=START)
        for one, other, kind in (
            (here, there, "mention"),
            (here, there, "duplicate"),
            (there, here, "mention"),
            (back, here, "mention"),
            (here, gone, "mention"),
        ):
            session.add(QuestionLink(from_id=one.id, to_id=other.id, kind=kind, created_at=START))
        ids = (here.id, there.id, back.id)

    with database.reading() as session:
        found, _ = threads.around(session, ids[0], [])

    assert [title.id for title in found] == [ids[2], ids[1]]


def test_a_duplicate_names_the_question_it_repeats_unless_that_was_deleted(database: Database) -> None:
    with database.transaction() as session:
        original = make_question(session, title="How do I do it at all?")
        gone = make_question(session, deleted_at=START)
        repeated, lost = make_question(session), make_question(session)
        repeated.duplicate_of_id, lost.duplicate_of_id = original.id, gone.id
        ids = (repeated.id, lost.id)

    with database.reading() as session:
        found = [threads.question(session, id, None) for id in ids]

    assert [question and question.duplicate_title for question in found] == ["How do I do it at all?", None]
