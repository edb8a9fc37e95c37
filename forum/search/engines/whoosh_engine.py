"""The site's search index on disk, by Whoosh, shared by all its processes.

One process writes at a time: it holds a lock that the kernel takes from it when it dies. Readers hold none;
they see each commit, and each switch to a rebuilt generation, at their next search. A process that is killed
in the middle of a commit leaves files that no commit names, which the next writer removes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import TypeVar

from forum.search.analysis import Analyses
from forum.search.carrying import carry_over
from forum.search.engine import Hit, Hits, SearchQuery, SearchUnavailable, SimilarQuery
from forum.search.engines.file_lock import held
from forum.search.engines.generations import Generations
from forum.search.engines.whoosh_health import MISSING, age, fault, version
from forum.search.engines.whoosh_index import WhooshIndex
from forum.search.engines.whoosh_rebuild import RebuiltIndex
from forum.search.state import IndexState
from forum.search.threads import ThreadDocument

Result = TypeVar("Result")

PATIENCE_SECONDS = 30.0
"""How long a writer waits for another: commits take below a second, merging large segments some seconds."""

_ATTEMPTS = 3
"""How often a read begins anew; a rebuild takes far longer than opening what it made."""


class WhooshEngine:
    """The index in a folder. Opening it changes nothing on disk, and needs no index to be there."""

    def __init__(self, folder: Path, analyses: Analyses, *, patience: float = PATIENCE_SECONDS) -> None:
        self._generations = Generations(folder)
        self._analyses = analyses
        self._patience = patience
        self._opening = Lock()
        self._live: WhooshIndex | None = None

    def needs_rebuild(self) -> str | None:
        """See `SearchEngine.needs_rebuild`."""
        return self.unusable() or self._reason(self._age)

    def unusable(self) -> str | None:
        """See `SearchEngine.unusable`."""
        return self._reason(self._fault)

    def _reason(self, ask: Callable[[WhooshIndex], str | None]) -> str | None:
        try:
            return self._reading(ask)
        except SearchUnavailable as error:
            return error.message

    def _age(self, live: WhooshIndex) -> str | None:
        return age(live.folder, self._analyses) or live.outgrown()

    def _fault(self, live: WhooshIndex) -> str | None:
        return fault(live.folder, self._analyses)

    def _live_index(self) -> WhooshIndex:
        folder = self._generations.live()
        if folder is None:
            raise SearchUnavailable(MISSING)
        with self._opening:
            if self._live is None or self._live.folder != folder:
                if reason := fault(folder, self._analyses):
                    raise SearchUnavailable(reason)
                outdated, self._live = self._live, WhooshIndex(folder, self._analyses)
                if outdated is not None:
                    outdated.close()
            return self._live

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        # Whatever the documents are read from is read before other processes are kept waiting.
        batch = list(documents)
        with self._writing() as live:
            live.index(batch)

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        batch = list(thread_ids)
        with self._writing() as live:
            live.remove(batch)

    @contextmanager
    def _writing(self) -> Iterator[WhooshIndex]:
        refusal = (
            f"Another process has been writing to the search index for {self._patience:g} seconds; try again."
        )
        with held(self._generations.writer_lock, seconds=self._patience, refusal=refusal):
            live = self._live_index()
            if reason := self._fault(live):
                raise SearchUnavailable(reason)
            yield live

    def _reading(self, read: Callable[[WhooshIndex], Result]) -> Result:
        """Read from the live index; begin anew when a rebuild takes its files away in the meantime."""
        for _ in range(_ATTEMPTS):
            folder = self._generations.live()
            try:
                return read(self._live_index())
            except SearchUnavailable:
                if self._generations.live() == folder:
                    raise
        return read(self._live_index())

    def search(self, query: SearchQuery) -> Hits:
        """See `SearchIndex.search`."""
        return self._reading(lambda live: live.search(query))

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        """See `SearchIndex.similar`."""
        return self._reading(lambda live: live.similar(query))

    def correct(self, words: Iterable[str]) -> Mapping[str, str]:
        """See `SearchIndex.correct`."""
        batch = list(words)
        return self._reading(lambda live: live.correct(batch))

    def suggest(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """See `SearchIndex.suggest`."""
        return self._reading(lambda live: live.suggest(prefix, limit))

    def count(self) -> int:
        """See `SearchIndex.count`."""
        return self._reading(lambda live: live.count())

    def thread_ids(self) -> Iterator[int]:
        """See `SearchIndex.thread_ids`."""
        return self._reading(lambda live: live.thread_ids())

    def fingerprints(self) -> Mapping[int, str]:
        """See `SearchIndex.fingerprints`."""
        return self._reading(lambda live: live.fingerprints())

    def documents(self, thread_ids: Iterable[int]) -> Iterable[ThreadDocument]:
        """See `Readable.documents`."""
        batch = list(thread_ids)
        return self._reading(lambda live: list(live.documents(batch)))

    def state(self) -> IndexState:
        """See `SearchEngine.state`. The size is that of the live generation's files."""
        return self._reading(_state)

    @contextmanager
    def rebuilding(self) -> Iterator[RebuiltIndex]:
        """See `SearchEngine.rebuilding`."""
        with self._rebuild_lock():
            before = {} if self.unusable() else self.fingerprints()
            fresh = self._unfinished() or RebuiltIndex.create(self._generations.next(), self._analyses)
            try:
                yield fresh
                fresh.finish()
            except BaseException:
                fresh.abandon()
                fresh.close()
                raise
            self._switch(fresh, before)

    def _unfinished(self) -> RebuiltIndex | None:
        folder = self._generations.unfinished()
        return RebuiltIndex.resumed(folder, self._analyses) if folder else None

    def _rebuild_lock(self) -> AbstractContextManager[None]:
        refusal = "The search index is being rebuilt already; wait until that is done."
        return held(self._generations.rebuild_lock, seconds=0, refusal=refusal)

    def _switch(self, fresh: RebuiltIndex, before: Mapping[int, str]) -> None:
        refusal = (
            f"Another process has been writing to the search index for {self._patience:g} seconds; try again."
        )
        with held(self._generations.writer_lock, seconds=self._patience, refusal=refusal):
            if not self.unusable():
                carry_over(self._live_index(), before, fresh)
                fresh.commit()
            fresh.close()
            self._generations.switch_to(fresh.folder)

    def close(self) -> None:
        """See `SearchEngine.close`."""
        self.let_go()

    def let_go(self) -> None:
        """See `MapsFiles.let_go`."""
        with self._opening:
            if self._live is not None:
                self._live.close()
                self._live = None


def _state(live: WhooshIndex) -> IndexState:
    threads, segments, size = live.count(), 0, 0
    for path in live.folder.glob("*"):
        # A commit at the same moment may remove one.
        with suppress(FileNotFoundError):
            size += path.stat().st_size
            segments += path.suffix == ".seg"
    return IndexState(threads, size, segments, version(live.folder))
