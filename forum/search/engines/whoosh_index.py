"""One generation of the index on disk, by Whoosh.

The generation's folder belongs to whoever holds the engine's locks while it is written; reading needs none.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Self

from whoosh.filedb.filestore import FileStorage
from whoosh.index import EmptyIndexError, FileIndex
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from forum.search import stored
from forum.search.analysis import Analyses, fold
from forum.search.engine import Hit, Hits, Kind, SearchQuery, ThreadDocument
from forum.search.engines.whoosh_health import guarded, label
from forum.search.engines.whoosh_queries import query_for
from forum.search.engines.whoosh_reading import Found, Searchers, column_of, find, stored_document
from forum.search.engines.whoosh_schema import THREADS, rows_of, schema
from forum.search.engines.whoosh_writing import committing, remove_threads
from forum.search.plan import order_of, plan
from forum.search.snippets import Sought, snippet_of, sought_in

_ATTEMPTS = 5


class WhooshIndex:
    """Reads and writes the generation in a folder. Opening it changes nothing on disk."""

    def __init__(self, folder: Path, analyses: Analyses) -> None:
        self.folder = folder
        self._analyses = analyses
        with guarded(self.folder):
            self._index = _opened(folder)
        self._searchers = Searchers(self._index)

    @classmethod
    def create(cls, folder: Path, analyses: Analyses) -> Self:
        """Return a new, empty index in this empty folder."""
        FileIndex.create(FileStorage(str(folder)), schema())
        label(folder, analyses)
        return cls(folder, analyses)

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        latest = {document.thread_id: document for document in documents}
        rows = [row for document in latest.values() for row in rows_of(document, self._analyses)]
        if latest:
            with guarded(self.folder), self._writing() as writer:
                remove_threads(writer, latest)
                for row in rows:
                    writer.add_document(**row)

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        doomed = set(thread_ids)
        if doomed:
            with guarded(self.folder), self._writing() as writer:
                remove_threads(writer, doomed)

    def _writing(self) -> AbstractContextManager[SegmentWriter]:
        return committing(self._index, self.folder)

    def search(self, query: SearchQuery) -> Hits:
        """See `SearchIndex.search`."""
        planned = plan(query, self._analyses)
        if planned.is_empty:
            return Hits(0, (), ignored=planned.ignored)
        look = partial(find, sort=order_of(query, planned), most=query.offset + query.limit)
        with self._searching() as searcher:
            total, found = look(searcher, query_for(planned))
            relaxed = planned.relaxed() if not total else None
            if relaxed is not None:
                total, found = look(searcher, query_for(relaxed))
            shown = [(record, stored_document(searcher, record)) for record in found[query.offset :]]
        sought = sought_in(planned)
        hits = tuple(self._hit(record, document, sought, planned.kind) for record, document in shown)
        return Hits(total, hits, relaxed=bool(relaxed and total), ignored=planned.ignored)

    def _hit(self, found: Found, document: ThreadDocument, sought: Sought, kind: Kind) -> Hit:
        owner, snippet = snippet_of(
            document, sought, self._analyses.prose, kind=kind, post_id=found.post_id or None
        )
        return Hit(found.thread_id, owner, found.score, snippet)

    def suggest(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """See `SearchIndex.suggest`."""
        beginning = fold(prefix.strip())
        if not beginning:
            return ()
        with self._searching() as searcher:
            reader = searcher.reader()
            words = {
                term.decode() for term in reader.expand_prefix("word", beginning.encode("utf-8", "replace"))
            }
            counts = {word: reader.doc_frequency("word", word) for word in words}
        return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:limit])

    def count(self) -> int:
        """See `SearchIndex.count`."""
        return sum(1 for _ in self.thread_ids())

    def thread_ids(self) -> Iterator[int]:
        """See `SearchIndex.thread_ids`."""
        return iter(self.fingerprints())

    def fingerprints(self) -> dict[int, str]:
        """See `SearchIndex.fingerprints`."""
        with self._searching() as searcher:
            return {
                thread_id: bytes(fingerprint).decode("ascii")
                for thread_id, fingerprint in column_of(searcher, THREADS, "fingerprint")
            }

    def documents(self, thread_ids: Iterable[int]) -> Iterator[ThreadDocument]:
        """Yield the documents of these threads as they were indexed."""
        with self._searching() as searcher:
            for thread_id in thread_ids:
                for number in searcher.document_numbers(thread=str(thread_id)):
                    fields = searcher.reader().stored_fields(number)
                    if "document" in fields:
                        yield stored.unpack(fields["document"])

    @contextmanager
    def _searching(self) -> Iterator[Searcher]:
        with guarded(self.folder), self._searchers.lent() as searcher:
            yield searcher

    def close(self) -> None:
        """Close the files that no search uses at the moment."""
        self._searchers.close()


def _opened(folder: Path) -> FileIndex:
    """Open the newest commit; a commit at the same moment may remove the one that was newest just now."""
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError, EmptyIndexError):
            return FileIndex(FileStorage(str(folder)), schema=schema())
    return FileIndex(FileStorage(str(folder)), schema=schema())
