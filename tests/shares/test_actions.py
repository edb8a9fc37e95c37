from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.badges.queries import badges_of
from forum.core.db import Database
from forum.posts.models import Post
from forum.shares.actions import count_visitors
from forum.shares.queries import SharedPost, shares_of
from tests.at_once import at_once
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded


@pytest.fixture
def ids(database: Database) -> dict[str, int]:
    """A question with an answer, and somebody who shares both."""
    with database.transaction() as session:
        sharer = make_user(session)
        question = make_question(session, make_user(session), title="What was shared?")
        answer = make_answer(session, question, make_user(session))
        return {"sharer": sharer.id, "question": question.id, "answer": answer.id}


def _count(database: Database, ids: dict[str, int], places: range, *, post: str = "question") -> None:
    with database.transaction() as session:
        count_visitors(session, {(ids[post], ids["sharer"]): places})


def _badges(database: Database, ids: dict[str, int]) -> list[tuple[str, str, int]]:
    with database.reading() as session:
        return [(badge.name, badge.level, badge.count) for badge in badges_of(session, ids["sharer"])]


def test_visitors_add_up_and_the_best_link_comes_first(database: Database, ids: dict[str, int]) -> None:
    _count(database, ids, range(3))
    _count(database, ids, range(2, 5))
    _count(database, ids, range(7), post="answer")

    with recorded(database) as statements, database.reading() as session:
        shares = shares_of(session, ids["sharer"])

    assert len(statements) == 1
    assert shares.visitor_count == 12
    assert shares.best == (
        SharedPost(ids["answer"], is_answer=True, title="What was shared?", visitor_count=7),
        SharedPost(ids["question"], is_answer=False, title="What was shared?", visitor_count=5),
    )


def test_a_link_earns_each_badge_once(database: Database, ids: dict[str, int]) -> None:
    _count(database, ids, range(20))
    assert _badges(database, ids) == []

    _count(database, ids, range(30))
    _count(database, ids, range(40))
    assert _badges(database, ids) == [("Announcer", "bronze", 1)]

    _count(database, ids, range(1200))
    _count(database, ids, range(30), post="answer")
    assert _badges(database, ids) == [
        ("Publicist", "gold", 1),
        ("Booster", "silver", 1),
        ("Announcer", "bronze", 2),
    ]


def test_processes_that_count_at_once_lose_nobody(database: Database, ids: dict[str, int]) -> None:
    links = [(ids["question"], ids["sharer"]), (ids["answer"], ids["sharer"])]

    def counting(number: int) -> Callable[[Session], object]:
        places = range(number * 10, number * 10 + 10)
        # Half of them have met the links in the other order.
        visits = dict.fromkeys(links if number % 2 else reversed(links), places)
        return lambda session: count_visitors(session, visits)

    outcomes = at_once(database, *[counting(number) for number in range(8)])

    assert outcomes == [None] * 8
    with database.reading() as session:
        assert [shared.visitor_count for shared in shares_of(session, ids["sharer"]).best] == [80, 80]
    # Only one of them passed the number of visitors of each link.
    assert _badges(database, ids) == [("Announcer", "bronze", 2)]


def test_links_that_nobody_could_have_shared_are_left_out(database: Database, ids: dict[str, int]) -> None:
    with database.transaction() as session:
        count_visitors(
            session,
            {(4711, ids["sharer"]): {1}, (ids["question"], 4711): {1}, (ids["question"], ids["sharer"]): {1}},
        )

    with database.reading() as session:
        assert shares_of(session, ids["sharer"]).visitor_count == 1
        assert shares_of(session, 4711).best == ()


def test_what_is_deleted_is_not_told(database: Database, ids: dict[str, int]) -> None:
    _count(database, ids, range(3))
    _count(database, ids, range(4), post="answer")
    with database.transaction() as session:
        session.get_one(Post, ids["question"]).deleted_at = datetime(2026, 1, 1, tzinfo=UTC)

    with database.reading() as session:
        assert shares_of(session, ids["sharer"]).best == ()


def test_links_go_with_their_account(database: Database, ids: dict[str, int]) -> None:
    _count(database, ids, range(3))

    with database.transaction() as session:
        session.execute(delete(User).where(User.id == ids["sharer"]))

    with database.reading() as session:
        assert shares_of(session, ids["sharer"]).best == ()
