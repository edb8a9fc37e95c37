"""Closing a question, above all one that was asked before, and opening it again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

import forum.wiring
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import AskwellError, Conflict, Invalid, NotFound, Refused
from forum.core.outbox import Job
from forum.posts.actions.closing import close, close_as_duplicate, reopen
from forum.posts.models import Post, QuestionLink
from forum.posts.rules import CLOSE_REASONS, DUPLICATE
from forum.reputation.models import ReputationEntry
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
        assert set(session.scalars(select(Job.subject_id))) == {repeated, original}


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


def test_only_moderators_reopen_and_close_for_other_reasons(
    database: Database, questions: tuple[int, int]
) -> None:
    member = Actor(id=1, name="Member", role="member", reputation=100_000)

    with database.transaction() as session:
        with pytest.raises(Refused, match="moderators"):
            close(session, member, questions[0], reason="off-topic")
        with pytest.raises(Refused, match="moderators"):
            reopen(session, member, questions[0])


def test_a_question_does_not_repeat_itself(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    with database.transaction() as session, pytest.raises(Invalid, match="duplicate of itself"):
        close_as_duplicate(session, moderator, questions[0], of=questions[0])


def test_what_is_repeated_must_be_a_question_that_everybody_can_read(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    with database.transaction() as session:
        question = session.get_one(Post, questions[0])
        answer_id = make_answer(session, question).id
        deleted_id = make_question(session, deleted_at=clock.now()).id

    for of, message in ((answer_id, "no question"), (999, "no question"), (deleted_id, "is deleted")):
        with database.transaction() as session, pytest.raises(Invalid, match=message) as refusal:
            close_as_duplicate(session, moderator, questions[1], of=of)
        assert refusal.value.field == "of"


def test_what_is_closed_or_opened_must_be_a_question_that_everybody_can_read(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    with database.transaction() as session:
        answer_id = make_answer(session, session.get_one(Post, questions[0])).id
        deleted_id = make_question(session, deleted_at=clock.now()).id

    for id in (answer_id, 999, deleted_id):
        with database.transaction() as session:
            with pytest.raises(NotFound):
                close_as_duplicate(session, moderator, id, of=questions[0])
            with pytest.raises(NotFound):
                close(session, moderator, id, reason="off-topic")
            with pytest.raises(NotFound):
                reopen(session, moderator, id)


def test_a_duplicate_is_no_original_but_names_its_own(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    original, repeated = questions
    with database.transaction() as session:
        close_as_duplicate(session, moderator, repeated, of=original)
        third = make_question(session).id

    message = f"Question {repeated} is itself a duplicate of question {original}; name that one"
    with database.transaction() as session, pytest.raises(Invalid, match=message):
        close_as_duplicate(session, moderator, third, of=repeated)
    with database.transaction() as session, pytest.raises(Invalid, match="itself a duplicate"):
        close_as_duplicate(session, moderator, original, of=repeated)


def test_a_duplicate_of_what_is_gone_is_as_good_as_an_original(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    original, repeated = questions
    with database.transaction() as session:
        close_as_duplicate(session, moderator, repeated, of=original)
        session.get_one(Post, original).deleted_at = clock.now()
        third = make_question(session).id

    with database.transaction() as session:
        assert close_as_duplicate(session, moderator, third, of=repeated).is_new


def test_what_is_closed_otherwise_says_how(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    original, repeated = questions
    with database.transaction() as session:
        other = make_question(session).id
        close_as_duplicate(session, moderator, repeated, of=original)

    with database.transaction() as session:
        with pytest.raises(Conflict, match=f"closed already, as a duplicate of question {original}. Reopen"):
            close_as_duplicate(session, moderator, repeated, of=other)
        with pytest.raises(Conflict, match="closed already"):
            close(session, moderator, repeated, reason="off-topic")


@pytest.mark.parametrize("reason", [reason for reason in CLOSE_REASONS if reason != DUPLICATE])
def test_a_question_is_closed_for_another_reason(
    database: Database, moderator: Actor, questions: tuple[int, int], reason: str
) -> None:
    for is_new in (True, False):
        with database.transaction() as session:
            assert close(session, moderator, questions[0], reason=reason).is_new is is_new

    with database.reading() as session:
        post = session.get_one(Post, questions[0])
        assert post.closed_at is not None
        assert (post.closed_reason, post.duplicate_of_id) == (reason, None)
        assert session.execute(select(Job.subject_id)).scalar_one() == questions[0]
    with database.transaction() as session, pytest.raises(Conflict, match=f"as {reason}"):
        close_as_duplicate(session, moderator, questions[0], of=questions[1])


@pytest.mark.parametrize("reason", ["", "because", DUPLICATE])
def test_a_reason_must_be_one_that_needs_no_more(
    database: Database, moderator: Actor, questions: tuple[int, int], reason: str
) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        close(session, moderator, questions[0], reason=reason)


def test_opening_takes_back_all_that_closing_did(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    original, repeated = questions
    with database.transaction() as session:
        session.add(QuestionLink(from_id=repeated, to_id=original, kind="mention", created_at=clock.now()))
        close_as_duplicate(session, moderator, repeated, of=original)
        for job in session.scalars(select(Job)):
            session.delete(job)

    for is_new in (True, False):
        with database.transaction() as session:
            assert reopen(session, moderator, repeated).is_new is is_new

    with database.reading() as session:
        post = session.get_one(Post, repeated)
        assert (post.closed_at, post.closed_reason, post.duplicate_of_id) == (None, None, None)
        assert session.execute(select(QuestionLink.kind)).scalar_one() == "mention"
        assert set(session.scalars(select(Job.subject_id))) == {repeated, original}
    with database.transaction() as session:
        assert close_as_duplicate(session, moderator, repeated, of=original).is_new


def test_nobody_gains_or_loses_reputation(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    with database.transaction() as session:
        close_as_duplicate(session, moderator, questions[1], of=questions[0])
        reopen(session, moderator, questions[1])

    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(ReputationEntry)).scalar_one() == 0


def test_two_moderators_who_close_it_at_once_close_it_once(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    original, repeated = questions
    with database.transaction() as session:
        other = make_question(session).id

    ends = _at_once(database, moderator, (repeated, original), (repeated, other))

    assert sorted(ends) == ["Conflict", "closed"]
    with database.reading() as session:
        link = session.execute(select(QuestionLink)).scalar_one()
        assert session.get_one(Post, repeated).duplicate_of_id == link.to_id


def test_two_questions_are_never_duplicates_of_each_other(
    database: Database, moderator: Actor, questions: tuple[int, int]
) -> None:
    for _round in range(5):
        ends = _at_once(database, moderator, questions, questions[::-1])

        assert sorted(ends) == ["Invalid", "closed"]
        with database.transaction() as session:
            for id in questions:
                reopen(session, moderator, id)


def _at_once(database: Database, moderator: Actor, *pairs: tuple[int, int]) -> list[str]:
    """Close each first question as a duplicate of the second, all at one moment, and tell how it ended."""
    start = Barrier(len(pairs))

    def end(pair: tuple[int, int]) -> str:
        start.wait()
        try:
            with database.transaction() as session:
                close_as_duplicate(session, moderator, pair[0], of=pair[1])
        except AskwellError as refusal:
            return type(refusal).__name__
        return "closed"

    with ThreadPoolExecutor(len(pairs)) as pool:
        return list(pool.map(end, pairs))
