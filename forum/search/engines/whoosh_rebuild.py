"""Filling a new generation of the index on disk, in one go or over several interruptions."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Self

from forum.search.analysis import Analyses
from forum.search.engine import SearchUnavailable
from forum.search.engines.generations import write_whole
from forum.search.engines.whoosh_batches import PreparedThreads, Preparing
from forum.search.engines.whoosh_gathering import ArraySegmentWriter
from forum.search.engines.whoosh_health import age, fault
from forum.search.engines.whoosh_index import WhooshIndex
from forum.search.engines.whoosh_learning import has_learned, keep_learned
from forum.search.engines.whoosh_snapshots import Snapshot
from forum.search.engines.whoosh_writing import MERGED_IN_REBUILD, commit, finish, open_writer
from forum.search.meaning import Counted, learn, learn_from
from forum.search.state import Reached
from forum.search.threads import ThreadDocument

MOST_GATHERED_BYTES = 192 * 1024 * 1024
"""Postings that are held in memory until they are written as a segment; writing takes half as much again."""


class RebuiltIndex(WhooshIndex):
    """An index that nobody else sees yet, so that it is written in few commits instead of many.

    Merging is most of the cost of many commits. What was indexed is committed when somebody looks, when a
    thread comes a second time, when it shall be kept, and at the end.
    """

    def __init__(self, folder: Path, analyses: Analyses) -> None:
        super().__init__(folder, analyses)
        self._writer: ArraySegmentWriter | None = None
        self._uncommitted: set[int] = set()
        self._highest = 0

    @classmethod
    def resumed(cls, folder: Path, analyses: Analyses) -> Self | None:
        """Return what an interrupted rebuild kept in this folder, or None if it can't be gone on with."""
        if fault(folder, analyses) or age(folder, analyses) or not _kept(folder).thread_id:
            return None
        try:
            fresh = cls(folder, analyses)
            fresh._highest = max(fresh.thread_ids(), default=0)
        except SearchUnavailable:
            return None
        return fresh

    def has_learned(self) -> bool:
        """See `Teachable.has_learned`."""
        return has_learned(self.folder)

    def learn(self, sample: Iterable[ThreadDocument], *, threads: int) -> None:
        """See `Teachable.learn`."""
        keep_learned(self.folder, learn(sample, self._analyses, threads=threads))

    def counted(self, documents: Sequence[ThreadDocument]) -> Counted:
        """See `Preparable.counted`."""
        return self._preparing.counted(documents)

    def learn_from(self, counted: Iterable[Counted], *, threads: int) -> None:
        """See `Preparable.learn_from`."""
        keep_learned(self.folder, learn_from(counted, self._analyses, threads=threads))

    def reached(self) -> Reached:
        """See `Resumable.reached`."""
        return _kept(self.folder)

    def keep(self, reached: Reached) -> None:
        """See `Resumable.keep`. Killed before the note is written, the next one gives some threads twice."""
        self.commit()
        write_whole(_note(self.folder), json.dumps(asdict(reached)))

    def prepare(self, documents: Sequence[ThreadDocument]) -> PreparedThreads:
        """See `Preparable.prepare`."""
        return self._preparing.prepare(documents, self._meaning)

    @cached_property
    def _preparing(self) -> Preparing:
        """Kept for the whole rebuild, as threads repeat their words."""
        return Preparing(self._analyses)

    def put(self, prepared: PreparedThreads) -> None:
        """See `Preparable.put`."""
        if not self._uncommitted.isdisjoint(prepared.thread_ids):
            self.commit()
        self._put(prepared)
        self._uncommitted.update(prepared.thread_ids)
        self._highest = max(self._highest, *prepared.thread_ids)
        if self._writer is not None and self._writer.gathered_bytes() > MOST_GATHERED_BYTES:
            self.commit()

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        latest = {document.thread_id: document for document in documents}
        if latest:
            self.put(self.prepare([*latest.values()]))

    def _replaced(self, thread_ids: Iterable[int]) -> Iterable[int]:
        # Threads come by rising ids, and looking for each would keep all segments open, 20 MB each.
        return [thread_id for thread_id in thread_ids if thread_id <= self._highest]

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        self.commit()
        super().remove(thread_ids)

    @contextmanager
    def _writing(self) -> Iterator[ArraySegmentWriter]:
        if self._writer is None:
            self._writer = open_writer(self._index, self.folder)
        yield self._writer

    @contextmanager
    def _searching(self) -> Iterator[Snapshot]:
        self.commit()
        with super()._searching() as snapshot:
            yield snapshot

    def commit(self) -> None:
        """Write down what was indexed so far."""
        writer, self._writer = self._writer, None
        self._uncommitted = set()
        if writer is not None:
            commit(self._index, writer, merged=MERGED_IN_REBUILD)

    def finish(self) -> None:
        """Write down everything, in as few segments as searches like."""
        self.commit()
        finish(self._index)

    def abandon(self) -> None:
        """Give up what was not committed."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()


def _kept(folder: Path) -> Reached:
    try:
        return Reached(**json.loads(_note(folder).read_text("ascii")))
    except (OSError, ValueError, TypeError):
        return Reached()


def _note(folder: Path) -> Path:
    return folder / "reached.json"
