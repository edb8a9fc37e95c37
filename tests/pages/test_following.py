from datetime import UTC, datetime, timedelta

import pytest

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.core.errors import Invalid
from forum.core.paging import PAGE_SIZE
from forum.pages import following
from forum.pages.following import Following
from forum.posts.models import Post
from tests.factories import make_answer, make_follow, make_question, make_user
from tests.statements import recorded

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def reader(database: Database) -> Actor:
    with database.transaction() as session:
        user = make_user(session)
        return Actor(id=user.id, name=user.name, role="member", reputation=1)


def load(database: Database, reader: Actor, at: str | None = None) -> Following:
    with database.reading() as session:
        return following.load(session, reader, at, seen={})


def ids(page: Following) -> list[int]:
    return [row.question.id for row in page.questions.rows]


def test_the_latest_activity_comes_first_and_answers_of_others_are_counted(
    database: Database, reader: Actor
) -> None:
    with database.transaction() as session:
        quiet, busy, gone, left, strange = (
            make_question(session, created_at=START + number * HOUR) for number in range(5)
        )
        gone.deleted_at = START
        for question in (quiet, busy, gone):
            make_follow(session, question, reader.id, seen_until=START + 10 * HOUR)
        make_follow(session, left, reader.id).is_on = False
        make_follow(session, strange, make_user(session))
        make_answer(session, busy, created_at=START + 9 * HOUR)
        for _ in range(2):
            make_answer(session, busy, make_user(session), created_at=START + 11 * HOUR)
        make_answer(session, busy, created_at=START + 11 * HOUR, deleted_at=START + 12 * HOUR)
        own = make_answer(session, busy, created_at=START + 12 * HOUR)
        own.author_id = reader.id
        wanted = [busy.id, quiet.id]

    page = load(database, reader)

    assert ids(page) == wanted
    assert [page.by_id[id].new_answer_count for id in wanted] == [2, 0]
    assert [page.by_id[id].follower_count for id in wanted] == [1, 1]


def test_what_was_seen_a_moment_ago_is_not_new_before_it_is_written(
    database: Database, reader: Actor
) -> None:
    with database.transaction() as session:
        question = make_question(session, created_at=START)
        make_follow(session, question, reader.id, seen_until=START)
        make_answer(session, question, created_at=START + HOUR)
    counts = []
    for seen in ({}, {question.id: START}, {question.id: START + HOUR}):
        with database.reading() as session:
            page = following.load(session, reader, None, seen=seen)
        counts.append(page.by_id[question.id].new_answer_count)

    assert counts == [1, 1, 0]


@pytest.mark.parametrize("count", [0, 3, PAGE_SIZE + 3])
def test_a_page_is_one_statement_and_leads_to_its_neighbours(
    database: Database, reader: Actor, count: int
) -> None:
    with database.transaction() as session:
        questions = [make_question(session, created_at=START + number % 7 * HOUR) for number in range(count)]
        for question in questions:
            make_follow(session, question, reader.id, seen_until=START)
            make_answer(session, session.get_one(Post, question.id), created_at=question.active_at + HOUR)
        latest = sorted(questions, key=lambda question: (question.active_at, question.id), reverse=True)
        wanted = [question.id for question in latest]
    with recorded(database) as statements:
        first = load(database, reader)

    assert len(statements) == 1
    assert ids(first) == wanted[:PAGE_SIZE]
    assert all(row.new_answer_count == 1 for row in first.by_id.values())
    assert (first.questions.next is not None) is (count > PAGE_SIZE)
    if first.questions.next:
        second = load(database, reader, str(first.questions.next))
        assert ids(second) == wanted[PAGE_SIZE:]
        assert ids(load(database, reader, str(second.questions.previous))) == wanted[:PAGE_SIZE]


def test_a_made_up_cursor_is_refused(database: Database, reader: Actor) -> None:
    with pytest.raises(Invalid):
        load(database, reader, "nonsense")
