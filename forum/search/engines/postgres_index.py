"""One generation of the index in PostgreSQL: what is put into it and found in it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from sqlalchemy import func, select

from forum.search.analysis import Analyses
from forum.search.engine import Hit, Hits, SearchQuery, SimilarQuery
from forum.search.engines.postgres_connections import LISTING_SECONDS, SEARCH_SECONDS, Connections
from forum.search.engines.postgres_learning import Learned, keep
from forum.search.engines.postgres_reading import Reading, search
from forum.search.engines.postgres_similar import similar
from forum.search.engines.postgres_statistics import Changes
from forum.search.engines.postgres_tables import Tables
from forum.search.engines.postgres_words import commonest, corrections
from forum.search.engines.postgres_writing import put, take_out
from forum.search.meaning import learn
from forum.search.threads import ThreadDocument

Result = TypeVar("Result")

_MOST_CHANGES = 200_000
"""Counts of terms that a rebuild gathers before it writes them down: some 50 MB."""


class PostgresIndex(ABC):
    """What the live index and one that is being built can do; they differ in how they get to a reading."""

    @abstractmethod
    def _read(self, read: Callable[[Reading], Result], *, seconds: float = SEARCH_SECONDS) -> Result:
        """Return what is read by one reading of the index."""

    def search(self, query: SearchQuery) -> Hits:
        """See `SearchIndex.search`."""
        return self._read(lambda reading: search(reading, query))

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        """See `SearchIndex.similar`."""
        return self._read(lambda reading: similar(reading, query))

    def correct(self, words: Iterable[str]) -> Mapping[str, str]:
        """See `SearchIndex.correct`."""
        batch = list(words)
        return self._read(lambda reading: corrections(reading, batch))

    def suggest(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """See `SearchIndex.suggest`."""
        return self._read(lambda reading: commonest(reading, prefix, limit))

    def count(self) -> int:
        """See `SearchIndex.count`."""
        return self._read(_count, seconds=LISTING_SECONDS)

    def thread_ids(self) -> Iterator[int]:
        """See `SearchIndex.thread_ids`."""
        return iter(self._read(_thread_ids, seconds=LISTING_SECONDS))

    def fingerprints(self) -> Mapping[int, str]:
        """See `SearchIndex.fingerprints`."""
        return self._read(_fingerprints, seconds=LISTING_SECONDS)

    def documents(self, thread_ids: Iterable[int]) -> Iterable[ThreadDocument]:
        """See `Readable.documents`."""
        batch = list(thread_ids)
        return self._read(lambda reading: list(reading.documents(batch).values()), seconds=LISTING_SECONDS)


class RebuiltIndex(PostgresIndex):
    """An index that nobody else sees yet. It counts its terms for many threads at once."""

    def __init__(self, connections: Connections, tables: Tables, analyses: Analyses) -> None:
        self.tables = tables
        self._connections = connections
        self._analyses = analyses
        self._learned = Learned(analyses.model)
        self._uncounted = Changes()

    def has_learned(self) -> bool:
        """See `Teachable.has_learned`."""
        return not self._read(lambda reading: reading.meaning).is_empty

    def learn(self, sample: Iterable[ThreadDocument], *, threads: int) -> None:
        """See `Teachable.learn`."""
        meaning = learn(sample, self._analyses, threads=threads)
        with self._connections.writing() as connection:
            keep(connection, self.tables, meaning)

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        batch = list(documents)
        with self._connections.writing() as connection:
            meaning = self._learned.of(connection, self.tables)
            self._uncounted.update(put(connection, self.tables, batch, self._analyses, meaning))
        if len(self._uncounted) > _MOST_CHANGES:
            self.count_terms()

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        with self._connections.writing() as connection:
            self._uncounted.update(take_out(connection, self.tables, thread_ids, self._analyses))

    def count_terms(self) -> None:
        """Write down how often the terms occur in what was indexed so far."""
        changes, self._uncounted = self._uncounted, Changes()
        if changes:
            with self._connections.writing() as connection:
                changes.write(connection, self.tables.term)

    def _read(self, read: Callable[[Reading], Result], *, seconds: float = SEARCH_SECONDS) -> Result:
        self.count_terms()
        with self._connections.reading(seconds=seconds) as connection:
            return read(Reading(connection, self.tables, self._analyses, self._learned))


def _count(reading: Reading) -> int:
    counted = select(func.count()).select_from(reading.tables.thread)
    return int(reading.connection.scalar(counted) or 0)


def _thread_ids(reading: Reading) -> list[int]:
    return list(reading.connection.scalars(select(reading.tables.thread.c.thread_id)))


def _fingerprints(reading: Reading) -> dict[int, str]:
    thread = reading.tables.thread.c
    rows = reading.connection.execute(select(thread.thread_id, thread.fingerprint))
    return {row.thread_id: row.fingerprint for row in rows}
