"""Searching a Whoosh index: searchers for each thread, and the records that a query finds."""

import heapq
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from whoosh.index import EmptyIndexError, FileIndex
from whoosh.query.qcore import Query
from whoosh.reading import IndexReader
from whoosh.searching import Searcher

from forum.search import stored
from forum.search.engine import Sort, ThreadDocument
from forum.search.engines.whoosh_ranking import Ranking
from forum.search.ranking import SOLVED_FACTOR

_IDLE = 8
"""Searchers kept open between searches; more threads than these open one for each search."""

_ATTEMPTS = 5
_PAUSE_SECONDS = 0.01

_SORT_COLUMNS = {Sort.NEWEST: "created", Sort.SCORE: "score", Sort.ACTIVE: "active"}


class Searchers:
    """Open searchers of the newest commit, each lent to one thread at a time.

    Whoosh's readers keep a place in their files and can't be shared between threads.
    """

    def __init__(self, index: FileIndex) -> None:
        self._index = index
        self._lock = Lock()
        self._idle: list[tuple[int, Searcher]] = []

    @contextmanager
    def lent(self) -> Iterator[Searcher]:
        """Yield a searcher that sees the newest commit, whichever process made it."""
        newest = self._index.latest_generation()
        with self._lock:
            stale = [searcher for generation, searcher in self._idle if generation != newest]
            self._idle = [
                (generation, searcher) for generation, searcher in self._idle if generation == newest
            ]
            searcher = self._idle.pop()[1] if self._idle else None
        for old in stale:
            old.close()
        if searcher is None:
            reader = _newest_reader(self._index)
            newest = newest if reader.generation() is None else reader.generation()
            searcher = Searcher(reader, weighting=Ranking(), fromindex=self._index)
        try:
            yield searcher
        except BaseException:
            searcher.close()
            raise
        self._give_back(newest, searcher)

    def _give_back(self, generation: int, searcher: Searcher) -> None:
        with self._lock:
            if len(self._idle) < _IDLE:
                self._idle.append((generation, searcher))
                return
        searcher.close()

    def close(self) -> None:
        """Close the searchers that nobody uses."""
        with self._lock:
            idle, self._idle = self._idle, []
        for _, searcher in idle:
            with suppress(OSError):
                searcher.close()


def _newest_reader(index: FileIndex) -> IndexReader:
    """Open the newest commit. A listing of the folder during another may show neither the old nor the new."""
    for _ in range(_ATTEMPTS):
        try:
            reader: IndexReader = index.reader()
        except EmptyIndexError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return reader
    raise EmptyIndexError("No commit was found in the folder of the search index")


class Found(NamedTuple):
    """A record that a query found, by its rank first and then its ids, so that equals have an order."""

    rank: float
    thread_id: int
    post_id: int
    score: float
    segment: int
    number: int


@dataclass(slots=True)
class _Tally:
    count: int = 0


def find(searcher: Searcher, query: Query, *, sort: Sort, most: int) -> tuple[int, list[Found]]:
    """Return how many records the query finds, and the first `most` of them in order."""
    tally = _Tally()
    first = heapq.nlargest(most, _all_found(searcher, query, sort, tally))
    return tally.count, first


def _all_found(searcher: Searcher, query: Query, sort: Sort, tally: _Tally) -> Iterator[Found]:
    context = searcher.context()
    for segment, (leaf, _) in enumerate(searcher.leaf_searchers()):
        matcher = query.matcher(leaf, context)
        if not matcher.is_active():
            continue
        reader = leaf.reader()
        thread_ids, post_ids, is_solved = (
            reader.column_reader(name, translate=False) for name in ("thread_id", "post_id", "is_solved")
        )
        ranks = None if sort is Sort.RELEVANCE else reader.column_reader(_SORT_COLUMNS[sort], translate=False)
        while matcher.is_active():
            number = matcher.id()
            score = matcher.score() * (SOLVED_FACTOR if is_solved[number] else 1.0)
            rank = score if ranks is None else ranks[number]
            tally.count += 1
            yield Found(rank, thread_ids[number], post_ids[number], score, segment, number)
            matcher.next()


def stored_document(searcher: Searcher, found: Found) -> ThreadDocument:
    """Return the document of the thread that the record found is, or is part of."""
    reader = searcher.leaf_searchers()[found.segment][0].reader()
    ordinal = reader.column_reader("ordinal", translate=False)[found.number]
    return stored.unpack(reader.stored_fields(found.number - ordinal)["document"])


def column_of(searcher: Searcher, kind: str, column: str) -> Iterator[tuple[int, Any]]:
    """Yield thread id and the column's value of every record of this kind."""
    for leaf, _ in searcher.leaf_searchers():
        reader = leaf.reader()
        if ("kind", kind.encode()) not in reader:
            continue
        thread_ids, values = (reader.column_reader(name, translate=False) for name in ("thread_id", column))
        for number in reader.postings("kind", kind).all_ids():
            yield thread_ids[number], values[number]
