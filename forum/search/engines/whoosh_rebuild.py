"""Filling a new generation of the index on disk."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from forum.search.analysis import Analyses
from forum.search.engine import ThreadDocument
from forum.search.engines.whoosh_gathering import ArraySegmentWriter
from forum.search.engines.whoosh_index import WhooshIndex
from forum.search.engines.whoosh_snapshots import Snapshot
from forum.search.engines.whoosh_writing import commit, open_writer


class RebuiltIndex(WhooshIndex):
    """An index that nobody else sees yet, so that it is written in one go instead of commit by commit.

    Merging is most of the cost of many commits. What was indexed is committed when somebody looks, when a
    thread comes a second time, and at the end.
    """

    def __init__(self, folder: Path, analyses: Analyses) -> None:
        super().__init__(folder, analyses)
        self._writer: ArraySegmentWriter | None = None
        self._uncommitted: set[int] = set()

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        batch = list(documents)
        thread_ids = {document.thread_id for document in batch}
        if thread_ids & self._uncommitted:
            self.commit()
        super().index(batch)
        self._uncommitted |= thread_ids

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
            commit(self._index, writer)

    def abandon(self) -> None:
        """Give up what was not committed."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.cancel()
