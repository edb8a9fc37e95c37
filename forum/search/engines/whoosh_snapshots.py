"""The segments of the newest commit, opened once for all threads of a process.

Every search borrows the snapshot of the newest commit. What an older one has opened is closed when nobody
uses it any more and the newest has no use for it.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.index import EmptyIndexError, FileIndex
from whoosh.reading import SegmentReader

from forum.core.memory import give_back
from forum.search.engines.whoosh_results import KeptResults
from forum.search.engines.whoosh_segments import Mask, PostingsCache, Segment

LET_GO_EVERY = 20
"""Searches after which the pages that they read are given back, and what they counted with; each reads some
30 MB of 200,000 threads."""

_ATTEMPTS = 10
_PAUSE_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and which of its records are alive in one commit."""

    segment: Segment
    alive: Mask


class Snapshot:
    """All segments of one commit, and what is counted over all of them."""

    def __init__(self, parts: tuple[Part, ...], generation: int) -> None:
        self.parts = parts
        self.generation = generation
        self.users = 0
        self.kept = KeptResults()
        self.threads = sum(int(part.segment.is_thread.sum()) for part in parts)
        self.answers = sum(part.segment.size for part in parts) - self.threads
        self._averages: dict[tuple[str, int], float] = {}

    def frequency(self, field: str, term: str) -> int:
        """Return how many records hold the term, removed ones included until their segment is merged."""
        return sum(part.segment.frequency(field, term) for part in self.parts)

    @cached_property
    def tags(self) -> tuple[NDArray[np.str_], list[NDArray[np.int64]]]:
        """The tags of all parts, each once, and for each part which of them its numbers stand for."""
        names = [name for part in self.parts for name in part.segment.tag_names]
        distinct, numbered = np.unique(np.array(names, np.str_), return_inverse=True)
        ends = np.cumsum([len(part.segment.tag_names) for part in self.parts])
        return distinct, np.split(numbered, ends[:-1])

    def average_length(self, field: str, holders: int) -> float:
        """Return how many terms the `holders` records of a field have in it on average; 1 if none has any."""
        key = (field, holders)
        if key not in self._averages:
            total = sum(part.segment.field_length(field) for part in self.parts)
            self._averages[key] = total / (holders or 1) or 1.0
        return self._averages[key]


class Snapshots:
    """Lends the newest snapshot to as many threads as ask for it."""

    def __init__(self, index: FileIndex) -> None:
        self._index = index
        self._cache = PostingsCache()
        self._lock = Lock()
        self._newest: Snapshot | None = None
        self._lent = 0
        self._open: list[Snapshot] = []

    @contextmanager
    def lent(self) -> Iterator[Snapshot]:
        """Yield the snapshot of the newest commit, whichever process made it."""
        with self._lock:
            snapshot = self._renewed()
            snapshot.users += 1
        try:
            yield snapshot
        finally:
            with self._lock:
                snapshot.users -= 1
                self._close_unused()
                self._lent += 1
                if self._lent % LET_GO_EVERY == 0:
                    for part in snapshot.parts:
                        part.segment.let_go()
                    give_back()

    def close(self) -> None:
        """Close what nobody uses; what is in use is closed when it is given back."""
        with self._lock:
            self._newest = None
            self._close_unused()

    def _renewed(self) -> Snapshot:
        generation = self._index.latest_generation()
        if self._newest is None or self._newest.generation != generation:
            self._newest = self._opened()
            self._open.append(self._newest)
            self._close_unused()
        return self._newest

    def _opened(self) -> Snapshot:
        """Open what is new in the newest commit; one that is made meanwhile may take its files away."""
        for attempt in range(_ATTEMPTS):
            generation = self._index.latest_generation()
            try:
                segments = self._index._segments()
                if self._index.latest_generation() == generation:
                    return self._read(segments, generation)
            except (FileNotFoundError, EmptyIndexError):
                if attempt == _ATTEMPTS - 1:
                    raise
            time.sleep(_PAUSE_SECONDS)
        raise EmptyIndexError("No commit was found in the folder of the search index")

    def _read(self, segments: list[Any], generation: int) -> Snapshot:
        known = {part.segment.id: part for part in self._newest.parts} if self._newest else {}
        with ExitStack() as opened:
            parts = tuple(self._part(segment, known, opened) for segment in segments)
            opened.pop_all()
        return Snapshot(parts, generation)

    def _part(self, named: Any, known: dict[str, Part], opened: ExitStack) -> Part:
        """Return the segment that a commit names; one that had to be opened is closed by `opened`."""
        before = known.get(named.segment_id())
        if before is None:
            reader = SegmentReader(self._index.storage, self._index._schema, named)
            segment = Segment(reader, self._cache)
            opened.callback(segment.close)
        else:
            segment = before.segment
            # Records are only ever removed from a segment, so as many removed ones are the same ones.
            if segment.size - named.deleted_count() == int(before.alive.sum()):
                return before
        alive = np.ones(segment.size, np.bool_)
        alive[list(named.deleted_docs())] = False
        return Part(segment, alive)

    def _close_unused(self) -> None:
        used = [snapshot for snapshot in self._open if snapshot.users or snapshot is self._newest]
        needed = {part.segment.id for snapshot in used for part in snapshot.parts}
        unused = {part.segment.id: part.segment for snapshot in self._open for part in snapshot.parts}
        self._open = used
        if gone := unused.keys() - needed:
            # Before they are closed: what is kept of them shows what they have mapped.
            self._cache.forget(gone)
            for id in gone:
                unused[id].close()
