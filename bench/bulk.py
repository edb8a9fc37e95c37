"""Writing millions of rows: without indexes at first, in large transactions, by COPY on PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Index, Table, func, select, text
from sqlalchemy.schema import CreateIndex

from forum.core.db import Database
from forum.core.tables import Base

Row = tuple[Any, ...]
ROWS_PER_TRANSACTION = 50_000

# SQLite's text of a moment names no zone; all are UTC.
_EPOCH = datetime.fromisoformat("1970-01-01")


def moment(microseconds: int) -> str:
    """Return a moment since 1970, in UTC, as both databases read it."""
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat(" ", "microseconds")


class Writer(Protocol):
    """Adds rows of plain numbers and texts to tables, and runs statements; each call is a transaction."""

    def add(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Add rows to a table; columns that aren't named get their defaults."""

    def run(self, statement: str) -> None:
        """Run one statement."""


class _SqliteWriter:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        places = ", ".join("?" * len(columns))
        statement = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({places})'
        self._connection.execute("BEGIN")
        self._connection.executemany(statement, rows)
        self._connection.execute("COMMIT")

    def run(self, statement: str) -> None:
        self._connection.execute(statement)


class _PostgresWriter:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def add(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        statement = f'COPY "{table}" ({", ".join(columns)}) FROM STDIN'
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        self._connection.commit()

    def run(self, statement: str) -> None:
        self._connection.execute(statement)
        self._connection.commit()


@contextmanager
def bulk_writer(database: Database, tables: Sequence[str], say: Callable[[str], None]) -> Iterator[Writer]:
    """Give a writer of these tables; their indexes are made when the block ends."""
    indexes = [index for name in tables for index in _by_name(Base.metadata.tables[name])]
    with _sqlite_writer(database) if database.is_sqlite else _postgres_writer(database) as writer:
        for index in indexes:
            writer.run(f"DROP INDEX {index.name}")
        yield writer
        for index in indexes:
            say(f"index {index.name}")
            writer.run(str(CreateIndex(index).compile(dialect=database.writer.dialect)))


def count_on_from_rows(database: Database, tables: Sequence[str]) -> None:
    """Let PostgreSQL number further rows after those that came with their numbers, and look at its tables."""
    if database.is_sqlite:
        database.gather_statistics()
        return
    with database.transaction() as session:
        for name in tables:
            sequence = func.pg_get_serial_sequence(f'"{name}"', "id")
            last = select(func.max(Base.metadata.tables[name].c.id)).scalar_subquery()
            session.execute(select(func.setval(sequence, last)))
    # Within a transaction it is refused.
    with database.glancing() as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _by_name(table: Table) -> list[Index]:
    return sorted(table.indexes, key=lambda index: str(index.name))


@contextmanager
def _sqlite_writer(database: Database) -> Iterator[Writer]:
    # Connections that are kept open would hold the journal fast.
    database.dispose()
    connection = sqlite3.connect(database.writer.url.database or "", isolation_level=None)
    try:
        # Nothing of a generated site needs to survive a crash.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        yield _SqliteWriter(connection)
        connection.execute("PRAGMA journal_mode=WAL").fetchall()
    finally:
        connection.close()


@contextmanager
def _postgres_writer(database: Database) -> Iterator[Writer]:
    pooled = database.writer.raw_connection()
    connection: Any = pooled.driver_connection
    try:
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()
        yield _PostgresWriter(connection)
        connection.execute("RESET TIME ZONE")
        connection.commit()
    finally:
        pooled.close()
