"""The moment of the last activity that stands beside each tag of a question, and what moves it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import forum.wiring
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import Conflict
from forum.posts.actions.accepting import accept
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.commenting import comment
from forum.posts.actions.deleting import delete_post, undelete_post
from forum.posts.actions.editing import edit_post, roll_back_post
from forum.posts.models import Post
from forum.posts.queries import lists
from forum.posts.queries.lists import Order
from forum.tags.models import QuestionTag, Tag
from forum.votes.actions import cast
from tests.at_once import at_once
from tests.reputation.ledgers import join

assert forum.wiring.SEARCH
TEXT = "It beeps twice, and then nothing happens."
START = datetime(2026, 1, 1, tzinfo=UTC)
LATER = START + timedelta(hours=5)
Act = Callable[[Session, list[Actor], int, int], object]


@pytest.fixture
def people(database: Database) -> list[Actor]:
    with database.transaction() as session:
        return join(session, 6)


@pytest.fixture
def thread(database: Database, people: list[Actor]) -> tuple[int, int]:
    """The ids of a question and its answer; another question was asked after them."""
    with database.transaction() as session:
        with clock.frozen(START):
            asked = ask(session, people[0], title="Why does it beep?", source=TEXT, tags=["beeps", "bios"])
            answered = answer(session, people[1], asked.question_id, source=TEXT)
        with clock.frozen(START + timedelta(hours=1)):
            ask(session, people[2], title="Which beep means what?", source=TEXT, tags=["beeps", "codes"])
    return asked.question_id, answered.post_id


def moments(database: Database, question_id: int) -> dict[str, datetime]:
    """Return the moment beside each tag of a question, which is that of the question itself."""
    carried = (
        select(Tag.name, QuestionTag.active_at, Post.active_at)
        .join(Tag, Tag.id == QuestionTag.tag_id)
        .join(Post, Post.id == QuestionTag.question_id)
        .where(QuestionTag.question_id == question_id)
    )
    with database.reading() as session:
        found = session.execute(carried).all()
    assert all(row[1] == row[2] for row in found)
    return {row[0]: row[1] for row in found}


def listed(database: Database, name: str) -> list[int]:
    with database.reading() as session:
        tag = session.scalars(select(Tag).where(Tag.name == name)).one()
        page = lists.tagged(session, tag.id, Order.ACTIVE, None, question_count=2, latest_id=1_000)
    return [row.id for row in page.rows]


ACTIVITIES: dict[str, Act] = {
    "answering": lambda session, people, question, _answer: answer(session, people[3], question, source=TEXT),
    "editing the question": lambda session, people, question, _answer: edit_post(
        session, people[0], question, source=f"{TEXT} Always.", based_on=1
    ),
    "editing the answer": lambda session, people, _question, answer: edit_post(
        session, people[1], answer, source=f"{TEXT} Always.", based_on=1
    ),
    "retagging": lambda session, people, question, _answer: edit_post(
        session, people[0], question, tags=["bios", "beeps"], based_on=1
    ),
}
QUIET: dict[str, Act] = {
    "voting": lambda session, people, question, _answer: cast(session, people[3], question, 1),
    "voting for the answer": lambda session, people, _question, answer: cast(session, people[3], answer, 1),
    "accepting": lambda session, people, _question, answer: accept(session, people[0], answer),
    "commenting": lambda session, people, question, _answer: comment(
        session, people[3], question, source="Which one?"
    ),
}


@pytest.mark.parametrize("activity", ACTIVITIES)
def test_activity_brings_a_question_to_the_top_of_each_of_its_tags(
    database: Database, people: list[Actor], thread: tuple[int, int], activity: str
) -> None:
    question_id, answer_id = thread
    assert listed(database, "beeps")[1] == question_id

    with clock.frozen(LATER), database.transaction() as session:
        ACTIVITIES[activity](session, people, question_id, answer_id)

    assert moments(database, question_id) == {"beeps": LATER, "bios": LATER}
    assert listed(database, "beeps")[0] == question_id


@pytest.mark.parametrize("quiet", QUIET)
def test_what_is_no_activity_leaves_it_where_it_is(
    database: Database, people: list[Actor], thread: tuple[int, int], quiet: str
) -> None:
    question_id, answer_id = thread

    with clock.frozen(LATER), database.transaction() as session:
        QUIET[quiet](session, people, question_id, answer_id)

    assert moments(database, question_id) == {"beeps": START, "bios": START}
    assert listed(database, "beeps")[1] == question_id


def test_a_new_tag_has_the_moment_of_the_retagging_and_an_old_one_is_left(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    with clock.frozen(LATER), database.transaction() as session:
        edit_post(session, people[0], thread[0], tags=["beeps", "codes"], based_on=1)

    assert moments(database, thread[0]) == {"beeps": LATER, "codes": LATER}
    assert listed(database, "codes")[0] == thread[0]
    assert listed(database, "bios") == []

    with clock.frozen(LATER + timedelta(hours=1)), database.transaction() as session:
        roll_back_post(session, people[0], thread[0], 1)

    assert set(moments(database, thread[0])) == {"beeps", "bios"}
    assert listed(database, "bios") == [thread[0]]


def test_a_question_that_comes_back_stands_where_it_was(database: Database, people: list[Actor]) -> None:
    with clock.frozen(START), database.transaction() as session:
        question_id = ask(
            session, people[0], title="Why does it beep?", source=TEXT, tags=["beeps"]
        ).question_id
    with clock.frozen(LATER), database.transaction() as session:
        delete_post(session, people[0], question_id)
    assert listed(database, "beeps") == []

    with clock.frozen(LATER), database.transaction() as session:
        undelete_post(session, people[0], question_id)

    assert moments(database, question_id) == {"beeps": START}
    assert listed(database, "beeps") == [question_id]


def test_answers_race_edits_and_retagging(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    question_id, answer_id = thread
    for number in range(1, 4):
        results = at_once(
            database,
            *[lambda s, who=who: answer(s, who, question_id, source=TEXT) for who in people[2:]],
            lambda s, n=number: edit_post(s, people[0], question_id, tags=["beeps", f"tag{n}"], based_on=n),
            lambda s, n=number: edit_post(s, people[0], question_id, source=f"{TEXT} {n}.", based_on=n),
            lambda s, n=number: edit_post(s, people[1], answer_id, source=f"{TEXT} {n}.", based_on=n),
        )
        refused = [result for result in results if isinstance(result, Exception)]
        assert [type(error) for error in refused] == [Conflict]
        assert len(moments(database, question_id)) == 2
