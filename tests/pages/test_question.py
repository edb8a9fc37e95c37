from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.core.errors import NotFound
from forum.pages import question as question_page
from forum.posts.actions.relating import keep_related
from forum.posts.models import Post, QuestionLink
from forum.posts.rules import ANSWERS_PER_PAGE
from tests.factories import (
    make_answer,
    make_comment,
    make_comment_vote,
    make_follow,
    make_outdated_mark,
    make_question,
    make_user,
    make_vote,
)
from tests.statements import recorded

START = datetime(2026, 1, 1, tzinfo=UTC)
MODERATOR = Actor(id=10**6, name="Mo", role="moderator", reputation=1)
SIGNED_OUT, SIGNED_IN = 5, 7
"""Statements of the page; one of the request of somebody who has signed in tells who it is, besides."""


def _thread(database: Database, *, answers: int, comments: int) -> tuple[int, Actor]:
    with database.transaction() as session:
        reader = make_user(session)
        question = make_question(session, make_user(session))
        make_follow(session, question, reader, seen_until=START)
        similar = make_question(session)
        session.add(QuestionLink(from_id=question.id, to_id=similar.id, kind="mention", created_at=START))
        posts = [
            question,
            *(make_answer(session, question, make_user(session)) for _ in range(answers)),
        ]
        for post in posts:
            make_vote(session, post, reader)
            if post.kind == "answer":
                make_outdated_mark(session, post, reader)
            for _ in range(comments):
                make_comment_vote(session, make_comment(session, post, make_user(session)), reader)
        return question.id, Actor(id=reader.id, name=reader.name, role="member", reputation=1)


@pytest.mark.parametrize(("answers", "comments"), [(1, 1), (9, 3), (ANSWERS_PER_PAGE + 5, 2)])
def test_the_number_of_statements_depends_on_nothing(database: Database, answers: int, comments: int) -> None:
    question_id, reader = _thread(database, answers=answers, comments=comments)
    with database.transaction() as session:
        keep_related(session, {question_id: [make_question(session).id]})

    with recorded(database) as signed_out, database.reading() as session:
        question_page.load(session, None, question_id)
    with recorded(database) as signed_in, database.reading() as session:
        page = question_page.load(session, reader, question_id)

    # What stands beside the thread has been read by then.
    assert (len(signed_out), len(signed_in)) == (SIGNED_OUT, SIGNED_IN - 1)
    assert len(page.answers) == min(answers, ANSWERS_PER_PAGE)
    assert page.seen_until == START
    assert page.has_unseen
    assert page.question.follower_count == 1
    assert all(post.vote == 1 for post in (page.post, *page.answers))
    assert [post.says_outdated for post in (page.post, *page.answers)] == [False, *[True] * len(page.answers)]
    assert all(post.row.outdated_count == 1 for post in page.answers)
    assert all(comment.is_useful for post in page.answers for comment in post.comments)
    assert all(len(post.comments) == comments for post in page.answers)


def test_answers_beyond_a_page_are_on_the_next(database: Database) -> None:
    question_id, _ = _thread(database, answers=ANSWERS_PER_PAGE + 2, comments=0)

    with database.reading() as session:
        pages = [question_page.load(session, None, question_id, page=number) for number in (1, 2)]
        with pytest.raises(NotFound):
            question_page.load(session, None, question_id, page=3)

    assert [len(page.answers) for page in pages] == [ANSWERS_PER_PAGE, 2]
    assert pages[0].pages == (1, 2)
    assert not {post.row.id for post in pages[0].answers} & {post.row.id for post in pages[1].answers}


def test_a_deleted_question_is_not_found_but_by_its_author_and_moderators(database: Database) -> None:
    with database.transaction() as session:
        author = make_user(session)
        question_id = make_question(session, author, deleted_at=START).id
        who = Actor(id=author.id, name=author.name, role="member", reputation=1)

    with database.reading() as session:
        for stranger in (None, Actor(id=10**6, name="S", role="member", reputation=9999)):
            with pytest.raises(NotFound):
                question_page.load(session, stranger, question_id)
        for eyes in (who, MODERATOR):
            page = question_page.load(session, eyes, question_id)
            assert not page.may_answer
            assert not page.post.may.comment
            assert page.post.may.undelete == eyes.is_moderator


def test_related_questions_leave_out_what_is_linked_and_what_is_gone(database: Database) -> None:
    with database.transaction() as session:
        here, linked, related = (make_question(session) for _ in range(3))
        gone = make_question(session, deleted_at=START)
        session.add(QuestionLink(from_id=here.id, to_id=linked.id, kind="mention", created_at=START))
        ids = (here.id, linked.id, related.id, gone.id)
        keep_related(session, {here.id: ids})

    with database.reading() as session:
        page = question_page.load(session, None, ids[0])

    assert [title.id for title in page.linked] == [ids[1]]
    assert [title.id for title in page.related] == [ids[2]]


@pytest.fixture
def cast(database: Database) -> dict[str, Actor | None]:
    """The people around one question with one answer that was upvoted."""
    with database.transaction() as session:
        asker, answerer = make_user(session, "Asker"), make_user(session, "Answerer")
        question = make_question(session, asker, created_at=START, title="What may be done here?")
        answer = make_answer(session, question, answerer, score=1, created_at=START + timedelta(hours=1))
        make_comment(session, answer, asker)
        people = {"asker": asker, "answerer": answerer}
        return {
            **{
                key: Actor(id=user.id, name=user.name, role="member", reputation=1)
                for key, user in people.items()
            },
            "stranger": Actor(id=10**6, name="S", role="member", reputation=1),
            "editor": Actor(id=10**6, name="E", role="member", reputation=2000),
            "moderator": MODERATOR,
            "visitor": None,
        }


@pytest.mark.parametrize(
    ("who", "on_question", "on_answer", "changes_comment"),
    [
        ("visitor", {"vote"}, {"vote"}, False),
        ("stranger", {"vote", "comment"}, {"vote", "comment", "mark_outdated"}, False),
        ("editor", {"vote", "comment", "edit"}, {"vote", "comment", "edit", "mark_outdated"}, False),
        # The question has an upvoted answer, so that its asker can't delete it.
        ("asker", {"comment", "edit"}, {"vote", "comment", "accept", "mark_outdated"}, True),
        ("answerer", {"vote", "comment"}, {"comment", "edit", "delete"}, False),
        (
            "moderator",
            {"vote", "comment", "edit", "delete"},
            {"vote", "comment", "edit", "delete", "mark_outdated"},
            True,
        ),
    ],
)
def test_everybody_is_offered_what_the_rules_allow_them(
    database: Database,
    cast: dict[str, Actor | None],
    who: str,
    on_question: set[str],
    on_answer: set[str],
    changes_comment: bool,
) -> None:
    with database.reading() as session:
        question_id = session.scalars(select(Post.id).where(Post.kind == "question")).one()
        page = question_page.load(session, cast[who], question_id)

    offered = ("edit", "delete", "undelete", "vote", "accept", "comment", "mark_outdated")
    (answer,) = page.answers
    assert {name for name in offered if getattr(page.post.may, name)} == on_question
    assert {name for name in offered if getattr(answer.may, name)} == on_answer
    assert [comment.may_change for comment in answer.comments] == [changes_comment]


def test_one_post_is_loaded_as_the_whole_page_shows_it(database: Database) -> None:
    question_id, reader = _thread(database, answers=2, comments=2)

    with database.reading() as session:
        page = question_page.load(session, reader, question_id)
        for shown in (page.post, *page.answers):
            assert question_page.load_post(session, reader, shown.row.id) == shown
        with pytest.raises(NotFound):
            question_page.load_post(session, reader, 10**9)
