"""Saying of an answer that it no longer works: counted right however many do it, forgotten at an edit."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import forum.wiring
from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.checks.differences import Difference
from forum.checks.posts import POSTS
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import NotFound, Refused
from forum.core.outbox import Job
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.deleting import delete_post, undelete_post
from forum.posts.actions.editing import edit_post, roll_back_post
from forum.posts.actions.outdating import mark_outdated, unmark_outdated
from forum.posts.models import OutdatedMark, Post
from forum.reputation.models import ReputationEntry
from forum.votes.actions import cast
from tests.at_once import at_once
from tests.factories import make_outdated_mark
from tests.reputation.ledgers import join

assert forum.wiring.SEARCH
TEXT = "It beeps twice, and then nothing happens."


@pytest.fixture
def people(database: Database) -> list[Actor]:
    with database.transaction() as session:
        return join(session, 10)


@pytest.fixture
def question_id(database: Database, people: list[Actor]) -> int:
    with database.transaction() as session:
        return ask(session, people[0], title="Why does it beep?", source=TEXT, tags=["beeps"]).question_id


@pytest.fixture
def answer_id(database: Database, people: list[Actor], question_id: int) -> int:
    with database.transaction() as session:
        return answer(session, people[1], question_id, source=TEXT).post_id


def run(database: Database, action: Callable[[Session], object]) -> bool:
    """Do something, and tell whether it told search that the thread has changed."""
    jobs = select(func.count()).select_from(Job)
    with database.transaction() as session:
        before = session.scalar(jobs) or 0
        action(session)
        return (session.scalar(jobs) or 0) > before


def counted(database: Database, answer_id: int) -> int:
    """Return the counter of an answer, after making sure that it is the number of its marks."""
    with database.reading() as session:
        marks = select(func.count()).where(OutdatedMark.post_id == answer_id)
        count = session.get_one(Post, answer_id).outdated_count
        assert count == session.scalar(marks)
        return count


def test_a_mark_is_counted_once_and_taken_back_once(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    steps = []
    for action in (mark_outdated, mark_outdated, unmark_outdated, unmark_outdated):
        with database.transaction() as session:
            outdated = action(session, people[2], answer_id)
        steps.append((outdated.count, outdated.mine, counted(database, answer_id)))

    assert steps == [(1, True, 1), (1, True, 1), (0, False, 0), (0, False, 0)]


def test_marks_move_neither_reputation_nor_score(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    for person in people[2:6]:
        run(database, lambda s, who=person: mark_outdated(s, who, answer_id))

    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ReputationEntry)) == 0
        assert session.get_one(Post, answer_id).score == 0


def test_search_is_told_when_the_second_comes_or_goes_and_not_otherwise(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    with database.transaction() as session:
        session.execute(Job.__table__.delete())
    told = []
    for action, person in (
        (mark_outdated, people[2]),
        (mark_outdated, people[3]),
        (mark_outdated, people[3]),
        (mark_outdated, people[4]),
        (unmark_outdated, people[4]),
        (unmark_outdated, people[2]),
        (unmark_outdated, people[3]),
    ):
        told.append(run(database, lambda s, do=action, who=person: do(s, who, answer_id)))
        with database.transaction() as session:
            session.execute(Job.__table__.delete())

    assert told == [False, True, False, False, False, True, False]


def test_nobody_marks_their_own_answer_a_question_or_what_is_not_there(
    database: Database, people: list[Actor], question_id: int, answer_id: int
) -> None:
    with database.transaction() as session:
        with pytest.raises(Refused, match="edit it"):
            mark_outdated(session, people[1], answer_id)
        for id in (question_id, 10**9, 0):
            for action in (mark_outdated, unmark_outdated):
                with pytest.raises(NotFound):
                    action(session, people[2], id)


def test_an_edit_forgets_the_marks_that_were_there(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    for person in people[2:4]:
        run(database, lambda s, who=person: mark_outdated(s, who, answer_id))

    run(database, lambda s: edit_post(s, people[1], answer_id, source=TEXT, based_on=1))
    assert counted(database, answer_id) == 2, "an edit that changes nothing mends nothing"

    assert run(database, lambda s: edit_post(s, people[1], answer_id, source=f"{TEXT} Now!", based_on=1))
    assert counted(database, answer_id) == 0

    run(database, lambda s: mark_outdated(s, people[2], answer_id))
    run(database, lambda s: roll_back_post(s, people[1], answer_id, 1))
    assert counted(database, answer_id) == 0


def test_an_edit_of_the_question_or_of_another_answer_forgets_nothing(
    database: Database, people: list[Actor], question_id: int, answer_id: int
) -> None:
    with database.transaction() as session:
        other_id = answer(session, people[5], question_id, source=TEXT).post_id
        mark_outdated(session, people[2], answer_id)
        edit_post(session, people[0], question_id, source=f"{TEXT} Help!", based_on=1)
        edit_post(session, people[5], other_id, source=f"{TEXT} Really.", based_on=1)

    assert counted(database, answer_id) == 1


def test_a_deleted_answer_takes_no_marks_and_comes_back_with_those_it_had(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    run(database, lambda s: mark_outdated(s, people[2], answer_id))
    run(database, lambda s: delete_post(s, people[1], answer_id))
    with database.transaction() as session:
        for action in (mark_outdated, unmark_outdated):
            with pytest.raises(NotFound):
                action(session, people[3], answer_id)
    run(database, lambda s: undelete_post(s, people[1], answer_id))

    assert counted(database, answer_id) == 1


def test_the_marks_of_an_account_that_goes_go_too_and_the_check_counts_anew(
    database: Database, answer_id: int
) -> None:
    with database.transaction() as session:
        going = User(name="Going", name_key="going", role="member", created_at=clock.now())
        session.add(going)
        session.flush()
        make_outdated_mark(session, session.get_one(Post, answer_id), going)
    with database.transaction() as session:
        session.execute(User.__table__.delete().where(User.name_key == "going"))
    with database.reading() as session:
        (difference,) = POSTS.differences(session)
    POSTS.repair(database)

    assert difference == Difference("post.outdated_count", answer_id, expected="0", found="1")
    assert counted(database, answer_id) == 0


def test_the_database_itself_refuses_a_second_mark(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    run(database, lambda s: mark_outdated(s, people[2], answer_id))
    mark = {"post_id": answer_id, "user_id": people[2].id, "marked_at": clock.now()}

    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(OutdatedMark.__table__.insert(), [mark])


def test_everybody_marks_at_the_same_instant(database: Database, people: list[Actor], answer_id: int) -> None:
    results = at_once(
        database, *[lambda s, who=who: mark_outdated(s, who, answer_id) for who in people[2:] for _ in "ab"]
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert counted(database, answer_id) == len(people) - 2


def test_one_person_changes_their_mind_in_many_tabs(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    actions = [mark_outdated, unmark_outdated] * 5
    at_once(database, *[lambda s, do=do: do(s, people[2], answer_id) for do in actions])

    assert counted(database, answer_id) in {0, 1}


def test_marks_race_an_edit_votes_and_deletion(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    for number in range(1, 4):
        with database.reading() as session:
            based_on = session.get_one(Post, answer_id).revision_count
        results = at_once(
            database,
            *[lambda s, who=who: mark_outdated(s, who, answer_id) for who in people[2:7]],
            lambda s, n=number, at=based_on: edit_post(
                s, people[1], answer_id, source=f"{TEXT} Edit {n}.", based_on=at
            ),
            lambda s: unmark_outdated(s, people[2], answer_id),
            lambda s: cast(s, people[8], answer_id, -1),
            lambda s: delete_post(s, people[1], answer_id),
            lambda s: undelete_post(s, people[1], answer_id),
        )
        run(database, lambda s: undelete_post(s, people[1], answer_id))
        refused = [result for result in results if isinstance(result, Exception)]
        assert all(isinstance(error, NotFound) for error in refused)
        counted(database, answer_id)
