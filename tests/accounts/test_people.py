from datetime import UTC, datetime, timedelta

import pytest

from forum.accounts import queries
from forum.accounts.queries import PEOPLE_PER_PAGE, PeopleOrder
from forum.core.db import Database, open_database
from forum.core.paging import Cursor
from tests.factories import make_user
from tests.statements import plans, recorded

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        for number in range(PEOPLE_PER_PAGE + 9):
            make_user(
                session,
                f"Person {number * 7 % 100:02}",
                reputation=1 + number % 4,
                created_at=START + timedelta(days=number // 3),
            )
    return database


@pytest.mark.parametrize("order", list(PeopleOrder))
def test_walking_meets_everybody_once_in_order_and_back_again(filled: Database, order: PeopleOrder) -> None:
    with filled.reading() as session:
        first = queries.people(session, order, None)
        second = queries.people(session, order, queries.people_cursor(str(first.next), order=order))
        back = queries.people(session, order, second.previous)

    rows = [*first.rows, *second.rows]
    keys = [(row.key(order), row.id) for row in rows]
    assert keys == sorted(keys, reverse=order is not PeopleOrder.NAME)
    assert len({row.id for row in rows}) == PEOPLE_PER_PAGE + 9
    assert second.next is None
    assert back.rows == first.rows


@pytest.mark.parametrize(
    ("search", "found"),
    [("ann", ["Ann Lee", "Joanna"]), ("ANN lee", ["Ann Lee"]), ("n l", ["Ann Lee"]), ("%", [])],
)
def test_searching_looks_for_the_name_as_people_write_it(
    database: Database, search: str, found: list[str]
) -> None:
    with database.transaction() as session:
        for name in ("Ann Lee", "Joanna", "Bob"):
            make_user(session, name)

    with database.reading() as session:
        page = queries.people(session, PeopleOrder.NAME, None, search=search)

    assert [person.name for person in page.rows] == found


def test_a_profile_holds_no_secrets_and_tells_whether_somebody_can_sign_in(database: Database) -> None:
    with database.transaction() as session:
        user = make_user(session, "Ann", reputation=5)
        user.email, user.password_hash = "ann@example.org", "hash"
        unclaimed = make_user(session)
        ids = (user.id, unclaimed.id)

    with database.reading() as session:
        profile, other = (queries.profile(session, id) for id in ids)
        assert queries.profile(session, 10**6) is None

    assert profile is not None
    assert other is not None
    assert (profile.is_claimed, other.is_claimed) == (True, False)
    assert "ann@example.org" not in repr(profile)
    assert "hash" not in repr(profile)


@pytest.mark.parametrize(
    ("order", "key", "index"),
    [
        (PeopleOrder.REPUTATION, 50, "ix_user_reputation_id"),
        (PeopleOrder.NEWEST, START, "ix_user_created_at_id"),
        (PeopleOrder.NAME, "ann", "ix_user_name_key_beginning"),
    ],
)
def test_the_list_of_people_walks_an_index(
    sqlite_url: str, order: PeopleOrder, key: int | datetime | str, index: str
) -> None:
    database = open_database(sqlite_url)
    with recorded(database) as statements, database.reading() as session:
        queries.people(session, order, Cursor(key=key, id=7))

    (plan,) = plans(database, statements)
    assert index in plan
    assert "TEMP B-TREE" not in plan
    database.dispose()
