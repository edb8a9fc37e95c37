"""Connections to the site's database for the index: limits of transactions, locks, errors as sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zlib import crc32

import psycopg
from psycopg import errors
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from forum.core.i18n import marked
from forum.search.engine import SearchUnavailable

SEARCH_SECONDS = 2.0
"""How long a statement of a search may take; the worst queries of a busy site stay far below."""

LISTING_SECONDS = 120.0
"""How long a statement may take that reads about every thread."""

PATIENCE_SECONDS = 30.0
"""How long a writer waits for another; a batch of threads takes about a second."""

BUILD_MEMORY = "256MB"
"""Memory for building what finds by words; with PostgreSQL's usual 64 MB it takes twice as long."""

MISSING = marked(
    "There is no search index yet. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)
BROKEN = marked(
    "Tables of the search index are missing. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)
OUTDATED = marked(
    "The search index was made by another version of the program. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)
REBUILDING = marked("The search index is being rebuilt already; wait until that is done.")
_TOO_LONG = marked("The search took too long and was stopped. Look for fewer words, or for rarer ones.")
_NO_RIGHT = (
    "The database's user may not make the schema of the search index. As a superuser of the database, run: "
    "CREATE SCHEMA {schema} AUTHORIZATION {user}"
)

# Without sequential scans the index is used that finds by words: PostgreSQL takes the comparison of a word
# with a long text for as cheap as that of two numbers. Compiling a statement takes longer than running it.
_LIMITS = text("""
    SELECT set_config('statement_timeout', :timeout, true), set_config('jit', 'off', true),
           set_config('enable_seqscan', 'off', true), set_config('work_mem', '32MB', true),
           set_config('max_parallel_workers_per_gather', '0', true)
""")
_PATIENCE = text(
    "SELECT set_config('lock_timeout', :timeout, true), set_config('statement_timeout', '0', true)"
)
_BUILDING = text("SELECT set_config('maintenance_work_mem', :memory, true)")
_STAYING = text("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
_LOCK = text("SELECT pg_advisory_xact_lock(:schema, :number)")
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:schema, :number)")

_REBUILD_LOCK = 0
"""The lock of rebuilding; a generation's number, from 1 on, is the lock of writing to it."""


class Vanished(SearchUnavailable):
    """A table was not there: nothing was made yet, or a rebuild took it away meanwhile."""


class _BinaryCursor(psycopg.Cursor[Any]):
    """A cursor whose results come as bytes: as text, those of a thousand candidates are twice as long."""

    def __init__(self, connection: psycopg.Connection[Any], *, row_factory: Any = None) -> None:
        super().__init__(connection, row_factory=row_factory)
        self.format = psycopg.pq.Format.BINARY


class Connections:
    """A small pool of the engine's own; opening it connects to nothing yet."""

    def __init__(self, url: str, schema: str, *, patience: float = PATIENCE_SECONDS) -> None:
        address = make_url(url)
        if address.drivername in {"postgresql", "postgres"}:
            address = address.set(drivername="postgresql+psycopg")
        self.schema = schema
        self._patience = patience
        self._engine = create_engine(
            address,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=10,
            # A prepared plan would be the same for rare words and common ones.
            connect_args={"prepare_threshold": None, "cursor_factory": _BinaryCursor},
        )
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        # PostgreSQL names locks by two signed numbers of four bytes.
        self._lock_space = crc32(schema.encode()) - 2**31

    @contextmanager
    def reading(self, *, seconds: float = SEARCH_SECONDS) -> Iterator[Connection]:
        """Give a read-only snapshot in which no statement takes longer than `seconds`."""
        with self._understood(), self._reader.begin() as connection:
            connection.execute(_LIMITS, {"timeout": f"{seconds * 1000:.0f}ms"})
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that waits for locks with patience and is committed when the block ends."""
        with self._understood(), self._engine.begin() as connection:
            connection.execute(_PATIENCE, {"timeout": f"{self._patience * 1000:.0f}ms"})
            yield connection

    @contextmanager
    def building(self) -> Iterator[Connection]:
        """Give a transaction like `writing` with the memory to build an index."""
        with self.writing() as connection:
            connection.execute(_BUILDING, {"memory": BUILD_MEMORY})
            yield connection

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock of rebuilding; raise SearchUnavailable when somebody else does.

        The lock belongs to a transaction, so that the database takes it from a process that dies. The
        transaction holds no snapshot meanwhile and hinders nobody.
        """
        with self._understood():
            connection = self._engine.connect()
        try:
            with self._understood():
                connection.execute(_STAYING)
                is_free = connection.scalar(_TRY_LOCK, {"schema": self._lock_space, "number": _REBUILD_LOCK})
            if not is_free:
                raise SearchUnavailable(REBUILDING)
            # What fails in the block is not the index's fault.
            yield
        finally:
            connection.close()

    def lock_writing(self, connection: Connection, generation: int) -> None:
        """Let no other transaction write to this generation until this one ends."""
        connection.execute(_LOCK, {"schema": self._lock_space, "number": generation})

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Turn what the database says in the block into SearchUnavailable, unless it is a defect of ours."""
        try:
            yield
        except (DBAPIError, psycopg.Error) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if refusal := self._refusal(cause):
                raise refusal from error
            raise

    def _refusal(self, cause: BaseException | None) -> SearchUnavailable | None:
        match cause:
            case errors.UndefinedTable() | errors.InvalidSchemaName():
                return Vanished(MISSING)
            case errors.InsufficientPrivilege():
                return SearchUnavailable(_NO_RIGHT.format(schema=self.schema, user=self._engine.url.username))
            case errors.LockNotAvailable():
                return SearchUnavailable(
                    f"Another process has been writing to the search index for {self._patience:g} seconds; "
                    "try again."
                )
            case errors.QueryCanceled():
                return SearchUnavailable(_TOO_LONG)
            case psycopg.OperationalError() | psycopg.InterfaceError():
                reason = (str(cause).strip().splitlines() or ["it gave no reason"])[0]
                return SearchUnavailable(f"The search index can't be used at the moment: {reason}")
        return None

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
