"""Statements that go to the driver past SQLAlchemy find what SQLAlchemy finds, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, column, func, literal_column, select, table, update
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

from forum.accounts.models import User
from forum.core.db import Database, open_database
from forum.core.prepared import Prepared
from forum.core.reading import fetch, row, rows
from tests.factories import make_user
from tests.statements import recorded

MOMENT = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)
_people = select(User.id, User.name, User.created_at, literal_column("1.5"), func.sum(User.reputation).over())
OF_IDS = Prepared(_people.where(User.id.in_(bindparam("ids", expanding=True))).order_by(User.id))
SINCE = Prepared(_people.where(User.created_at >= bindparam("moment")).order_by(User.id).limit(2))


@pytest.fixture
def ids(database: Database) -> list[int]:
    with database.transaction() as session:
        made = [make_user(session).id for _ in range(5)]
        session.execute(update(User).values(created_at=MOMENT))
    return made


@pytest.mark.parametrize("count", range(6))
def test_a_list_may_have_any_length(database: Database, ids: list[int], count: int) -> None:
    with database.reading() as session:
        found = rows(session, OF_IDS, ids=ids[:count])

        assert [columns[0] for columns in found] == ids[:count]


def test_a_list_may_be_very_long(database: Database, ids: list[int]) -> None:
    with database.reading() as session:
        assert len(rows(session, OF_IDS, ids=[*ids, *range(10_000, 13_000)])) == 5


def test_values_are_converted_both_ways(database: Database, ids: list[int]) -> None:
    with database.reading() as session:
        statement = _people.where(User.created_at >= bindparam("moment")).order_by(User.id).limit(2)
        expected = [list(columns) for columns in fetch(session, statement, {"moment": MOMENT})]
        found = [list(columns) for columns in rows(session, SINCE, moment=MOMENT)]

    assert found == expected
    assert [columns[2] for columns in found] == [MOMENT, MOMENT]


def test_one_row_or_none(database: Database, ids: list[int]) -> None:
    with database.reading() as session:
        found = row(session, OF_IDS, ids=[ids[3]])
        assert found is not None
        assert found[0] == ids[3]
        assert row(session, OF_IDS, ids=[]) is None


def test_lists_of_similar_lengths_have_one_text(database: Database, ids: list[int]) -> None:
    with recorded(database) as statements, database.reading() as session:
        for count in (3, 4):
            rows(session, OF_IDS, ids=ids[:count])

    assert len({sql for sql, _ in statements.sent}) == 1


def test_a_session_that_writes_sends_first_what_it_holds_back(database: Database, ids: list[int]) -> None:
    with database.transaction() as session:
        session.get_one(User, ids[0]).name = "Renamed"

        ((_, name, *_),) = rows(session, OF_IDS, ids=ids[:1])

        assert name == "Renamed"


def test_the_session_itself_reads_the_same_snapshot(database: Database, ids: list[int]) -> None:
    with database.reading() as session:
        before = len(rows(session, OF_IDS, ids=ids))
        with database.transaction() as writer:
            writer.delete(writer.get_one(User, ids[0]))

        assert session.scalar(select(func.count()).where(User.id.in_(ids))) == before == 5
        assert session.get(User, ids[0]) is not None
    with database.reading() as session:
        assert len(rows(session, OF_IDS, ids=ids)) == 4


def test_errors_of_the_driver_become_those_of_sqlalchemy(database: Database) -> None:
    missing = Prepared(select(column("id")).select_from(table("nothing")))

    with database.reading() as session, pytest.raises((OperationalError, ProgrammingError)):
        rows(session, missing)


def test_a_number_that_no_column_holds_is_an_error_of_its_kind(postgres_url: str) -> None:
    statement = Prepared(select(User.id).where(User.reputation == bindparam("number")))
    database = open_database(postgres_url)

    with database.reading() as session, pytest.raises(DataError):
        rows(session, statement, number=2**40)
    database.dispose()
