"""One generation of the index on disk, by Whoosh.

The generation's folder belongs to whoever holds the engine's locks while it is written; reading needs none.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import Self

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, FileIndex

from forum.core import clock
from forum.search.analysis import Analyses
from forum.search.engine import Hit, Hits, Kind, SearchQuery, SimilarQuery
from forum.search.engines.whoosh_batches import PreparedThreads, Preparing
from forum.search.engines.whoosh_counting import facets_of
from forum.search.engines.whoosh_gathering import ArraySegmentWriter
from forum.search.engines.whoosh_health import guarded, label
from forum.search.engines.whoosh_learning import learned
from forum.search.engines.whoosh_passages import with_texts
from forum.search.engines.whoosh_reading import Ranked, best, find
from forum.search.engines.whoosh_results import Results
from forum.search.engines.whoosh_schema import microseconds, schema
from forum.search.engines.whoosh_similar import most_similar
from forum.search.engines.whoosh_snapshots import Snapshot, Snapshots
from forum.search.engines.whoosh_words import commonest, correction
from forum.search.engines.whoosh_writing import committing, remove_threads
from forum.search.meaning import Meaning
from forum.search.plan import order_of, plan
from forum.search.snippets import Held, Sought, snippet_of, sought_in, sought_terms
from forum.search.threads import Texts, ThreadDocument

_ATTEMPTS = 5


class WhooshIndex:
    """Reads and writes the generation in a folder. Opening it changes nothing on disk."""

    def __init__(self, folder: Path, analyses: Analyses) -> None:
        self.folder = folder
        self._analyses = analyses
        with guarded(self.folder):
            self._index = _opened(folder)
        self._snapshots = Snapshots(self._index)

    @classmethod
    def create(cls, folder: Path, analyses: Analyses) -> Self:
        """Return a new, empty index in this empty folder."""
        FileIndex.create(FileStorage(str(folder)), schema())
        label(folder, analyses)
        return cls(folder, analyses)

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        latest = {document.thread_id: document for document in documents}
        if latest:
            self._put(self.prepare([*latest.values()]))

    def prepare(self, documents: Sequence[ThreadDocument]) -> PreparedThreads:
        """Return threads ready to be put in; no thread may be there twice."""
        return Preparing(self._analyses).prepare(documents, self._meaning)

    def _put(self, threads: PreparedThreads) -> None:
        with guarded(self.folder), self._writing() as writer:
            remove_threads(writer, self._replaced(threads.thread_ids))
            writer.add_threads(threads)

    @cached_property
    def _meaning(self) -> Meaning:
        """What was learned when this index was made; every title in it was given its direction by that."""
        with guarded(self.folder):
            return learned(self.folder).with_model(self._analyses.model)

    def outgrown(self) -> str | None:
        """Return why it is time to learn anew, or None."""
        return self._meaning.outgrown(self.count(), self._analyses.model)

    def _replaced(self, thread_ids: Iterable[int]) -> Iterable[int]:
        """Return those of the threads that may be in the index already."""
        return thread_ids

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        doomed = set(thread_ids)
        if doomed:
            with guarded(self.folder), self._writing() as writer:
                remove_threads(writer, doomed)

    def _writing(self) -> AbstractContextManager[ArraySegmentWriter]:
        return committing(self._index, self.folder)

    def search(self, query: SearchQuery) -> Hits:
        """See `SearchIndex.search`."""
        planned = plan(query, self._analyses)
        if planned.is_empty:
            return Hits(0, (), ignored=planned.ignored)
        order, now = order_of(query, planned), clock.now()
        key = (planned.clauses, planned.kind, order, query.page, query.limit, query.with_facets)
        with self._searching() as snapshot:
            results = snapshot.kept.get(key, at=microseconds(now))
            if results is None:
                found = find(snapshot, planned)
                relaxed = planned.relaxed() if not found.total else None
                if relaxed is not None:
                    found = find(snapshot, relaxed)
                ranked = best(found, sort=order, most=query.offset + query.limit)
                sought = sought_in(planned)
                shown = with_texts(ranked[query.offset :], sought)
                facets, until = facets_of(snapshot, found, at=now) if query.with_facets else (None, math.inf)
        if results is None:
            hits = tuple(self._hit(*one, sought, planned.kind) for one in shown)
            results = Results(found.total, hits, bool(relaxed and found.total), facets, until)
            snapshot.kept.put(key, results)
        return results.told(planned.ignored)

    def _hit(self, found: Ranked, texts: Texts, held: Sequence[Held], sought: Sought, kind: Kind) -> Hit:
        owner, snippet = snippet_of(
            texts, sought, self._analyses.prose, kind=kind, post_id=found.post_id or None, held=held
        )
        return Hit(found.thread_id, owner, found.score, snippet)

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        """See `SearchIndex.similar`."""
        with self._searching() as snapshot:
            terms, ranked = most_similar(snapshot, query, self._analyses.prose, self._meaning)
            if not query.with_passages:
                return tuple(Hit(record.thread_id, None, record.score, ()) for record in ranked)
            shown = [(record, record.segment.texts(record.number)) for record in ranked]
        sought = sought_terms(terms)
        return tuple(self._hit(record, texts, (), sought, Kind.ANY) for record, texts in shown)

    def correct(self, words: Iterable[str]) -> Mapping[str, str]:
        """See `SearchIndex.correct`."""
        with self._searching() as snapshot:
            found = {word: correction(snapshot, word) for word in words}
        return {word: likeliest for word, likeliest in found.items() if likeliest}

    def suggest(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """See `SearchIndex.suggest`."""
        with self._searching() as snapshot:
            return commonest(snapshot, prefix, limit)

    def count(self) -> int:
        """See `SearchIndex.count`."""
        with self._searching() as snapshot:
            return sum(int((part.segment.is_thread & part.alive).sum()) for part in snapshot.parts)

    def thread_ids(self) -> Iterator[int]:
        """See `SearchIndex.thread_ids`."""
        return iter(self.fingerprints())

    def fingerprints(self) -> dict[int, str]:
        """See `SearchIndex.fingerprints`."""
        with self._searching() as snapshot:
            return {
                int(part.segment.columns["thread_id"][number]): mark
                for part in snapshot.parts
                for number, mark in part.segment.fingerprints()
                if part.alive[number]
            }

    def documents(self, thread_ids: Iterable[int]) -> Iterator[ThreadDocument]:
        """Yield the documents of these threads as they were indexed."""
        wanted = np.fromiter(thread_ids, np.int64)
        with self._searching() as snapshot:
            for part in snapshot.parts:
                segment = part.segment
                is_wanted = segment.is_thread & part.alive & np.isin(segment.columns["thread_id"], wanted)
                for number in np.flatnonzero(is_wanted).tolist():
                    yield segment.document(number)

    @contextmanager
    def _searching(self) -> Iterator[Snapshot]:
        with guarded(self.folder), self._snapshots.lent() as snapshot:
            yield snapshot

    def close(self) -> None:
        """Close the files that no search uses at the moment."""
        self._snapshots.close()


def _opened(folder: Path) -> FileIndex:
    """Open the newest commit; a commit at the same moment may remove the one that was newest just now."""
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError, EmptyIndexError):
            return FileIndex(FileStorage(str(folder)), schema=schema())
    return FileIndex(FileStorage(str(folder)), schema=schema())
