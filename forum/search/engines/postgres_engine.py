"""The site's search index in its own PostgreSQL database, for sites that have one: nothing more to run.

PostgreSQL's full text search finds; `postgres_scoring` ranks, by the formula of all engines. Readers see one
snapshot and wait for nobody. One transaction writes at a time, and what it was doing when its process died
never happened. A rebuild fills tables of its own; changing one row makes them the live ones.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress

from sqlalchemy import Connection, Text, cast, delete, func, insert, select
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.schema import DropSchema

from forum.search.analysis import Analyses
from forum.search.carrying import carry_over
from forum.search.engine import SearchUnavailable
from forum.search.engines.postgres_connections import (
    BROKEN,
    MISSING,
    OUTDATED,
    PATIENCE_SECONDS,
    SEARCH_SECONDS,
    Connections,
    Vanished,
)
from forum.search.engines.postgres_index import PostgresIndex, RebuiltIndex, Result
from forum.search.engines.postgres_learning import Learned
from forum.search.engines.postgres_reading import Reading
from forum.search.engines.postgres_statistics import Changes
from forum.search.engines.postgres_tables import (
    VERSION,
    Tables,
    create_schema,
    generations,
    live_of,
    tables_of,
)
from forum.search.engines.postgres_writing import put, take_out
from forum.search.state import IndexState
from forum.search.threads import ThreadDocument

SCHEMA = "askwell_search"
"""The schema that holds the index and nothing else."""

_ATTEMPTS = 3
"""How often a transaction begins anew that a rebuild came in between; a rebuild takes far longer."""


class PostgresEngine(PostgresIndex):
    """The index in the database at `url`. Opening it connects to nothing, and needs no index to be there."""

    def __init__(
        self, url: str, analyses: Analyses, *, schema: str = SCHEMA, patience: float = PATIENCE_SECONDS
    ) -> None:
        self._connections = Connections(url, schema, patience=patience)
        self._schema = schema
        self._live = live_of(schema)
        self._analyses = analyses
        self._learned = Learned(analyses.model)

    def needs_rebuild(self) -> str | None:
        """See `SearchEngine.needs_rebuild`."""
        return self.unusable() or self._read(_outgrown)

    def unusable(self) -> str | None:
        """See `SearchEngine.unusable`."""
        try:
            self._read(_touch)
        except SearchUnavailable as error:
            return error.message
        return None

    def state(self) -> IndexState:
        """See `SearchEngine.state`. The size is that of the live generation's tables."""
        return self._read(_state)

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        # Whatever the documents are read from is read before others are kept waiting.
        batch = list(documents)

        def write(connection: Connection, live: Tables) -> Changes:
            return put(connection, live, batch, self._analyses, self._learned.of(connection, live))

        self._write(write)

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        batch = list(thread_ids)
        self._write(lambda connection, live: take_out(connection, live, batch, self._analyses))

    def _read(self, read: Callable[[Reading], Result], *, seconds: float = SEARCH_SECONDS) -> Result:
        """Read from the live index; begin anew when a rebuild takes its tables away in the meantime."""
        for _ in range(_ATTEMPTS):
            with suppress(Vanished), self._connections.reading(seconds=seconds) as connection:
                return read(Reading(connection, self._live_tables(connection), self._analyses, self._learned))
        raise SearchUnavailable(self._missing())

    def _write(self, write: Callable[[Connection, Tables], Changes]) -> None:
        for _ in range(_ATTEMPTS):
            with suppress(Vanished), self._connections.writing() as connection:
                live = self._live_tables(connection)
                self._connections.lock_writing(connection, live.generation)
                # A rebuild may have switched while this waited; then its tables are to be written to.
                if self._live_tables(connection).generation == live.generation:
                    write(connection, live).write(connection, live.term)
                    return
        raise SearchUnavailable(self._missing())

    def _live_tables(self, connection: Connection) -> Tables:
        """Return the live tables; raise SearchUnavailable when there are none, or of another version."""
        row = connection.execute(select(self._live.c.generation, self._live.c.made_by)).one_or_none()
        if row is None:
            raise SearchUnavailable(MISSING)
        if row.made_by != self._made_by():
            raise SearchUnavailable(OUTDATED)
        return tables_of(self._schema, row.generation)

    def _made_by(self) -> str:
        return f"schema {VERSION}, language {self._analyses.language}"

    def _missing(self) -> str:
        """Return what is wrong when a table is not there."""
        try:
            with self._connections.reading() as connection:
                self._live_tables(connection)
        except SearchUnavailable as error:
            return error.message
        return BROKEN

    @contextmanager
    def rebuilding(self) -> Iterator[RebuiltIndex]:
        """See `SearchEngine.rebuilding`."""
        with self._connections.alone():
            before: Mapping[int, str] = {} if self.unusable() else self.fingerprints()
            fresh = RebuiltIndex(self._connections, self._begin(), self._analyses)
            yield fresh
            fresh.count_terms()
            with self._connections.building() as connection:
                fresh.tables.finish(connection)
            self._switch(fresh, before)
            self._drop_others(fresh.tables.generation)

    def _begin(self) -> Tables:
        """Make the tables of the next generation, and remove those that a killed rebuild has left."""
        with self._connections.writing() as connection:
            create_schema(connection, self._schema)
            live = connection.scalar(select(self._live.c.generation))
            known = generations(connection, self._schema)
            for number in known - {live}:
                tables_of(self._schema, number).drop(connection)
            tables = tables_of(self._schema, max(known | {live or 0}) + 1)
            tables.create(connection)
        return tables

    def _switch(self, fresh: RebuiltIndex, before: Mapping[int, str]) -> None:
        """Make the fresh index the live one, with what was written to the live one since `before`."""
        generation = fresh.tables.generation
        with self._connections.writing() as connection:
            if not self.unusable():
                self._connections.lock_writing(connection, self._live_tables(connection).generation)
                carry_over(self, before, fresh)
                fresh.count_terms()
            connection.execute(delete(self._live))
            connection.execute(
                insert(self._live).values(is_only=True, generation=generation, made_by=self._made_by())
            )

    def _drop_others(self, live: int) -> None:
        """Remove the tables of the index before. Where somebody still reads them, the next rebuild does."""
        with suppress(SearchUnavailable), self._connections.writing() as connection:
            for number in generations(connection, self._schema) - {live}:
                tables_of(self._schema, number).drop(connection)

    def discard(self) -> None:
        """See `Discardable.discard`."""
        with self._connections.writing() as connection:
            connection.execute(DropSchema(self._schema, cascade=True, if_exists=True))

    def close(self) -> None:
        """See `SearchEngine.close`."""
        self._connections.close()


def _touch(reading: Reading) -> None:
    """Look at every table, so that a missing one is noticed."""
    for table in reading.tables.all:
        reading.connection.execute(select(table).limit(0))


def _outgrown(reading: Reading) -> str | None:
    threads = reading.connection.scalar(select(func.count()).select_from(reading.tables.thread))
    return reading.meaning.outgrown(int(threads or 0), reading.analyses.model)


def _state(reading: Reading) -> IndexState:
    sizes = [
        func.pg_total_relation_size(cast(cast(table.fullname, Text), REGCLASS))
        for table in reading.tables.all
    ]
    size = sum(reading.connection.execute(select(*sizes)).one())
    threads = reading.connection.scalar(select(func.count()).select_from(reading.tables.thread))
    return IndexState(int(threads or 0), int(size), segments=1, version=str(VERSION))
