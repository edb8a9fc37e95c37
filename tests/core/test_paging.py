from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from forum.accounts.models import User
from forum.core.db import Database
from forum.core.errors import Invalid
from forum.core.paging import Cursor, Key, Page, page_numbers, paged, place
from tests.factories import make_user

FIRST = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def reputations(database: Database) -> list[tuple[int, int]]:
    """Reputation and id of ten people, three of whom have the same, best first."""
    with database.transaction() as session:
        people = [make_user(session, reputation=r) for r in (5, 1, 7, 7, 3, 9, 2, 7, 4, 8)]
        return sorted(((person.reputation, person.id) for person in people), reverse=True)


def load(database: Database, cursor: Cursor | None, *, ascending: bool = False) -> Page[tuple[int, int]]:
    statement = place(
        select(User.reputation, User.id), cursor, key=User.reputation, id=User.id, size=3, ascending=ascending
    )
    with database.reading() as session:
        rows = [(row.reputation, row.id) for row in session.execute(statement)]
    return paged(rows, cursor, place_of=lambda row: (row[0], row[1]), size=3)


def pages(database: Database, *, ascending: bool = False) -> Iterator[Page[tuple[int, int]]]:
    page = load(database, None, ascending=ascending)
    yield page
    while page.next is not None:
        page = load(database, Cursor.parse(str(page.next), of=int), ascending=ascending)
        yield page


@pytest.mark.parametrize("ascending", [False, True])
def test_the_pages_hold_every_row_once_and_in_order(
    database: Database, reputations: list[tuple[int, int]], ascending: bool
) -> None:
    rows = [row for page in pages(database, ascending=ascending) for row in page.rows]

    assert rows == (reputations[::-1] if ascending else reputations)


def test_going_back_leads_over_the_same_pages(database: Database, reputations: list[tuple[int, int]]) -> None:
    there = [page.rows for page in pages(database)]
    *_, page = pages(database)
    back = [page.rows]
    while page.previous is not None:
        page = load(database, page.previous)
        back.append(page.rows)

    assert len(there) == 4
    assert [row for rows in reversed(back) for row in rows] == reputations


def test_a_row_that_comes_in_between_moves_no_other_to_another_page(
    database: Database, reputations: list[tuple[int, int]]
) -> None:
    first = load(database, None)
    with database.transaction() as session:
        make_user(session, reputation=100)

    assert load(database, first.next).rows == tuple(reputations[3:6])


def test_an_empty_list_is_one_page_without_neighbours(database: Database) -> None:
    assert load(database, None) == Page(rows=(), previous=None, next=None)


keys = st.one_of(
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(timezones=st.just(UTC)),
    st.text(),
)


@given(key=keys, row_id=st.integers(0, 2**63 - 1), backwards=st.booleans())
def test_a_cursor_survives_the_address_line(key: Key, row_id: int, backwards: bool) -> None:
    cursor = Cursor(key=key, id=row_id, backwards=backwards)

    assert Cursor.parse(str(cursor), of=type(key)) == cursor
    assert str(cursor).replace("-", "").replace("_", "").isalnum()


@given(st.text())
def test_a_made_up_cursor_is_refused_and_never_an_error(text: str) -> None:
    for kind in (int, float, str, datetime):
        try:
            cursor = Cursor.parse(text, of=kind)
        except Invalid:
            continue
        assert cursor is None or isinstance(cursor, Cursor)


@pytest.mark.parametrize(
    ("cursor", "kind"),
    [
        (Cursor(key=1, id=1), datetime),
        (Cursor(key="x", id=1), int),
        (Cursor(key=1.5, id=1), int),
        (Cursor(key=FIRST, id=1), str),
        (Cursor(key=2**63, id=1), int),
        (Cursor(key=1, id=2**63), int),
        (Cursor(key=float("inf"), id=1), float),
        (Cursor(key=float("nan"), id=1), float),
    ],
    ids=str,
)
def test_a_cursor_of_another_list_is_refused(cursor: Cursor, kind: type[Key]) -> None:
    with pytest.raises(Invalid, match="not one of ours"):
        Cursor.parse(str(cursor), of=kind)


def test_times_page_by_the_microsecond(database: Database) -> None:
    with database.transaction() as session:
        people = [make_user(session, created_at=FIRST + timedelta(microseconds=n)) for n in range(5)]
        ids = [person.id for person in reversed(people)]

    statement = select(User.created_at, User.id)
    found, cursor = [], None
    with database.reading() as session:
        while True:
            rows = session.execute(place(statement, cursor, key=User.created_at, id=User.id, size=2)).all()
            page = paged(rows, cursor, place_of=lambda row: (row[0], row[1]), size=2)
            found += [row.id for row in page.rows]
            if page.next is None:
                break
            cursor = Cursor.parse(str(page.next), of=datetime)
    assert found == ids


@pytest.mark.parametrize(
    ("current", "count", "numbers"),
    [
        (1, 0, ()),
        (1, 1, ()),
        (1, 3, (1, 2, 3)),
        (1, 9, (1, 2, 3, None, 9)),
        (5, 9, (1, None, 3, 4, 5, 6, 7, None, 9)),
        (9, 9, (1, None, 7, 8, 9)),
    ],
)
def test_page_numbers_are_the_ends_and_the_neighbours(
    current: int, count: int, numbers: tuple[int | None, ...]
) -> None:
    assert page_numbers(current, count=count) == numbers
