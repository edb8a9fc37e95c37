"""Closing a question that was asked before."""

import pytest
from sqlalchemy import func, select

import forum.wiring
from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.core.errors import Invalid, NotFound, Refused
from forum.core.outbox import Job
from forum.posts.actions.closing import close_as_duplicate
from forum.posts.models import Post, QuestionLink
from tests.factories import make_answer, make_question, make_user

assert forum.wiring.SEARCH


@pytest.fixture
def moderator(database: Database) -> Actor:
    """Somebody who may close questions."""
    with database.transaction() as session:
        user = make_user(session, "Mod", role="moderator")
        return Actor(id=user.id, name=user.name, role=user.role, reputation=1)


@pytest.fixture
def questions(database: Database) -> tuple[int, int]:
    """Two questions about the same; the second repeats the first."""
    with database.transaction() as session:
        return make_question(session).id, make_question(session).id


def test_a_closed_question_leads_to_the_earlier_one(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    original, repeated = questions

    with database.transaction() as session:
        assert close_as_duplicate(session, moderator, repeated, of=original).is_new

    with database.reading() as session:
        post = session.execute(select(Post).where(Post.id == repeated)).scalar_one()
        link = session.execute(select(QuestionLink)).scalar_one()
        assert post.closed_at is not None
        assert (post.closed_reason, post.duplicate_of_id) == ("duplicate", original)
        assert (link.from_id, link.to_id, link.kind) == (repeated, original, "duplicate")
        assert session.execute(select(Job.subject_id)).scalar_one() == repeated


def test_closing_twice_changes_nothing(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    original, repeated = questions

    for is_new in (True, False):
        with database.transaction() as session:
            assert close_as_duplicate(session, moderator, repeated, of=original).is_new is is_new

    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(QuestionLink)).scalar_one() == 1


def test_only_moderators_close(database: Database, questions: tuple[int, int]) -> None:
    member = Actor(id=1, name="Member", role="member", reputation=100_000)

    with database.transaction() as session, pytest.raises(Refused, match="moderators"):
        close_as_duplicate(session, member, questions[1], of=questions[0])


def test_a_question_does_not_repeat_itself(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        close_as_duplicate(session, moderator, questions[0], of=questions[0])


def test_both_must_be_questions_that_are_there(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    with database.transaction() as session:
        question = session.execute(select(Post).where(Post.id == questions[0])).scalar_one()
        answer_id = make_answer(session, question).id

    for question_id, of in ((questions[0], answer_id), (answer_id, questions[1]), (999, questions[0])):
        with database.transaction() as session, pytest.raises(NotFound):
            close_as_duplicate(session, moderator, question_id, of=of)
