"""SQLite knows its tables after it was asked to look, and nothing happens elsewhere."""

from sqlalchemy import text

from forum.core.db import Database
from tests.factories import make_user


def test_sqlite_gathers_statistics_and_postgresql_is_left_alone(database: Database) -> None:
    with database.transaction() as session:
        make_user(session)
    database.gather_statistics()

    if database.is_sqlite:
        with database.reading() as session:
            tables = set(session.scalars(text("SELECT tbl FROM sqlite_stat1")))
        assert "user" in tables
