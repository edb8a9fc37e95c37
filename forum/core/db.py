"""Engines, sessions and the only commit of the program.

A `Database` has two doors. `reading()` gives a session that can't write: SQLite refuses it by
`query_only`, PostgreSQL by a read-only transaction, so that a GET never changes anything.
`transaction()` gives a session that commits when its block ends and rolls back when it raises.
"""

import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

from forum.core import page_version
from forum.core.errors import Misconfigured
from forum.core.read_sessions import KeptByVersion, ReadSession
from forum.core.sending import sending_connection
from forum.core.sqlite_writers import Line, WriterConnection

BUSY_TIMEOUT_SECONDS = 15
"""How long a SQLite writer waits for the one before it."""
_LOOK_AGAIN_SECONDS = (0.0005, 0.003)
"""Between two looks whether the database is free, at random so that two writers don't keep in step."""

_USED_AT = "askwell-used-at"
_FRESH_SECONDS = 1.0
"""For how long a connection to PostgreSQL is taken to answer after it did."""
_ALONE = "askwell-alone"
"""Marks connections for single statements, which are transactions by themselves."""
_READS = "askwell-reads"
"""Marks connections to PostgreSQL whose transactions can't write."""
# By default each statement would have a snapshot of its own, and a page could contradict itself.
_BEGIN_TO_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_BEGIN_TO_WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

_MOST_KEPT = 8 * 1024 * 1024
"""How many bytes of rows each process keeps: those of some 400 threads."""

_chance = random.SystemRandom()


class Database:
    """One database, opened once per process."""

    def __init__(self, *, reader: Engine, writer: Engine) -> None:
        self.reader = reader
        self.writer = writer
        page_version.watch(writer)
        self._glancer = reader.execution_options(**{_ALONE: True})
        self._writers = sessionmaker(writer, expire_on_commit=False)
        self._kept = KeptByVersion(most_bytes=_MOST_KEPT)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.writer.dialect.name == "sqlite"

    def read(self) -> Session:
        """Return a session that can't write; the caller closes it."""
        return ReadSession(self.reader, self._kept)

    def write(self) -> Session:
        """Return a session for one transaction; the caller ends it with `finish` or closes it."""
        return self._writers()

    def finish(self, session: Session) -> None:
        """Commit what the session did; nothing of it is kept if that fails."""
        session.flush()
        page_version.move_if_seen(session)
        session.commit()

    def page_version(self) -> int:
        """Return the version of what pages show now, at as little cost as possible.

        Raise SQLAlchemyError when the database does not answer.
        """
        connection = self.reader.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(page_version.TOTAL)
            row = cursor.fetchone()
            return int(row[0]) if row else 0
        except self.reader.dialect.loaded_dbapi.Error as error:
            # Nobody is to be given this connection again.
            connection.invalidate(error)
            raise DisconnectionError(str(error)) from error
        finally:
            connection.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that can't write, on one snapshot."""
        with self.read() as session:
            yield session

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """Give a connection for single statements, without the transaction that several would need.

        They must not write; on PostgreSQL nothing keeps them from it.
        """
        with self._glancer.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session that commits when the block ends and rolls back when it raises."""
        with self.write() as session:
            yield session
            self.finish(session)

    def gather_statistics(self) -> None:
        """Let SQLite look at its tables, without which it picks the wrong index of two.

        PostgreSQL does so by itself. Takes a second or two for a million rows.
        """
        if self.is_sqlite:
            with self.transaction() as session:
                session.execute(text("PRAGMA analysis_limit=1000"))
                session.execute(text("ANALYZE"))

    def dispose(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()


def open_database(url: str, *, must_answer: bool = True) -> Database:
    """Open the database at `url`; raise Misconfigured when it can't be reached although it must answer."""
    backend = make_url(url).get_backend_name()
    return _open_sqlite(url) if backend == "sqlite" else _open_postgresql(url, must_answer=must_answer)


def _open_sqlite(url: str) -> Database:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise Misconfigured(
            "ASKWELL_DATABASE_URL: SQLite needs a file, as two connections share nothing in memory"
        )
    reader = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
    writer = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS, "factory": WriterConnection})
    line = Line(path)
    event.listen(reader, "connect", _prepare_sqlite_reader)
    event.listen(writer, "connect", partial(_prepare_sqlite_writer, line))
    event.listen(writer, "engine_disposed", lambda _engine: line.close())
    event.listen(reader, "begin", _begin_to_read)
    event.listen(writer, "begin", _begin_in_turn)
    return Database(reader=reader, writer=writer)


def _begin_to_read(connection: Connection) -> None:
    if not connection.get_execution_options().get(_ALONE):
        # By the driver at once, as each page pays for it; it touches no file, so it can't fail.
        cast(sqlite3.Connection, connection.connection.dbapi_connection).execute("BEGIN")


def _begin_in_turn(connection: Connection) -> None:
    """Take the write lock at once, as upgrading a read lock later would fail; wait for the writer before.

    Who waits in the line finds the database free then, unless another program writes.
    """
    until = time.monotonic() + BUSY_TIMEOUT_SECONDS
    writer = cast(WriterConnection, connection.connection.dbapi_connection)
    writer.wait_for_turn(until=until)
    while True:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            is_busy = getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY")
            if not is_busy or time.monotonic() > until:
                writer.end_turn()
                raise
            time.sleep(_chance.uniform(*_LOOK_AGAIN_SECONDS))
        else:
            return


def _open_postgresql(url: str, *, must_answer: bool) -> Database:
    address = make_url(url)
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    writer = create_engine(address, pool_size=5, max_overflow=10, connect_args={"autocommit": True})
    event.listen(writer, "do_connect", _connect_to_postgresql)
    event.listen(writer, "checkout", partial(_ask_if_it_answers, writer.dialect))
    event.listen(writer, "checkin", _note_use)
    event.listen(writer, "begin", _begin_on_postgresql)
    if must_answer:
        _refuse_silence(writer)
    return Database(reader=writer.execution_options(**{_READS: True}), writer=writer)


def _connect_to_postgresql(
    _dialect: Dialect, _entry: ConnectionPoolEntry, arguments: Sequence[Any], options: dict[str, Any]
) -> DBAPIConnection:
    # Sites on SQLite don't load the driver.
    from forum.core.postgres_connection import SendingConnection

    return cast(DBAPIConnection, SendingConnection.connect(*arguments, **options))


def _begin_on_postgresql(connection: Connection) -> None:
    """Send the beginning of a transaction, which is not waited for alone."""
    options = connection.get_execution_options()
    if options.get(_ALONE):
        return
    driver = sending_connection(connection)
    driver.only_reads = bool(options.get(_READS))
    with driver.unawaited():
        connection.exec_driver_sql(_BEGIN_TO_READ if driver.only_reads else _BEGIN_TO_WRITE)


def _ask_if_it_answers(
    dialect: Dialect, connection: DBAPIConnection, entry: ConnectionPoolEntry, _fairy: object
) -> None:
    """Let the pool open another connection for one that was idle and does not answer any more.

    One that answered a moment ago is not asked, as that would take as long as a statement.
    """
    if time.monotonic() - entry.info.get(_USED_AT, 0.0) < _FRESH_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


def _note_use(_connection: Any, entry: ConnectionPoolEntry) -> None:
    entry.info[_USED_AT] = time.monotonic()


def _refuse_silence(engine: Engine) -> None:
    try:
        engine.connect().close()
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise Misconfigured(f"ASKWELL_DATABASE_URL: the database does not answer: {reason}") from None


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, late and not for every statement.
    connection.isolation_level = None
    _pragmas(connection, journal_mode="WAL", foreign_keys="ON")


def _prepare_sqlite_reader(connection: sqlite3.Connection, entry: ConnectionPoolEntry) -> None:
    _prepare_sqlite(connection, entry)
    # Each thread has a connection, so both are small; what is mapped counts once for all of them.
    _pragmas(connection, query_only="ON", mmap_size=33554432, cache_size=-2000)


def _prepare_sqlite_writer(line: Line, connection: WriterConnection, entry: ConnectionPoolEntry) -> None:
    _prepare_sqlite(connection, entry)
    connection.line = line
    # From here on whoever finds the database busy waits in _begin_in_turn. Commits are forced to the disk by
    # the connection, when the next one may already write; SQLite forces what a crash could tear.
    _pragmas(connection, busy_timeout=0, cache_size=-16000, synchronous="NORMAL")


def _pragmas(connection: sqlite3.Connection, **values: Any) -> None:
    cursor = connection.cursor()
    for name, value in values.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()
