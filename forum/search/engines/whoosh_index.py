"""One generation of the index on disk, by Whoosh.

The generation's folder belongs to whoever holds the engine's locks while it is written; reading needs none.
"""

import errno
import json
import logging
import pickle
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Self

import whoosh
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import ReaderClosed, TermNotFound
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from forum.search import stored
from forum.search.analysis import Analyses, fold
from forum.search.engine import Hit, Hits, Kind, SearchQuery, SearchUnavailable, ThreadDocument
from forum.search.engines.whoosh_queries import query_for
from forum.search.engines.whoosh_reading import Found, Searchers, column_of, find, stored_document
from forum.search.engines.whoosh_schema import THREADS, VERSION, schema
from forum.search.engines.whoosh_writing import add_thread, committing, remove_threads
from forum.search.plan import order_of, plan
from forum.search.snippets import Sought, snippet_of, sought_in

log = logging.getLogger(__name__)

# What Whoosh and the modules below it raise when they read files that are cut off, overwritten or missing.
_UNREADABLE = (
    OSError, EOFError, ValueError, LookupError, AssertionError, OverflowError, struct.error,
    zlib.error, pickle.UnpicklingError, WhooshIndexError, TermNotFound, ReaderClosed,
)  # fmt: skip

# The machine has no more files to give out; that says nothing about the index.
_SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM})

_ATTEMPTS = 5

_REBUILD = "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
MISSING = f"There is no search index yet. {_REBUILD}"
BROKEN = f"The search index can't be read. {_REBUILD}"
OUTDATED = f"The search index was made by another version of the program. {_REBUILD}"


class WhooshIndex:
    """Reads and writes the generation in a folder. Opening it changes nothing on disk."""

    def __init__(self, folder: Path, analyses: Analyses) -> None:
        self.folder = folder
        self._analyses = analyses
        with self._readable():
            self._index = _opened(folder)
        self._searchers = Searchers(self._index)

    @classmethod
    def create(cls, folder: Path, analyses: Analyses) -> Self:
        """Return a new, empty index in this empty folder."""
        FileIndex.create(FileStorage(str(folder)), schema())
        _label(folder).write_text(json.dumps(_made_by(analyses)), "utf-8")
        return cls(folder, analyses)

    @staticmethod
    def fault(folder: Path, analyses: Analyses) -> str | None:
        """Return why the index in this folder can't be used, or None."""
        try:
            made_by = json.loads(_label(folder).read_text("utf-8"))
        except (OSError, ValueError):
            return BROKEN
        if made_by != _made_by(analyses):
            return OUTDATED
        return BROKEN if _damage(folder).exists() else None

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        latest = {document.thread_id: document for document in documents}
        if latest:
            with self._writing() as writer:
                remove_threads(writer, latest)
                for document in latest.values():
                    add_thread(writer, document, self._analyses)

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        doomed = set(thread_ids)
        if doomed:
            with self._writing() as writer:
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
        with self._readable(), self._searchers.lent() as searcher:
            yield searcher

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Turn what reading damaged files raises into SearchUnavailable, and leave a note for the worker."""
        try:
            yield
        except _UNREADABLE as error:
            log.exception("The search index in %s can't be read", self.folder)
            if getattr(error, "errno", None) not in _SHORTAGES:
                with suppress(OSError):
                    _damage(self.folder).touch()
            raise SearchUnavailable(BROKEN) from error

    def close(self) -> None:
        """Close the files that no search uses at the moment."""
        self._searchers.close()


def _opened(folder: Path) -> FileIndex:
    """Open the newest commit; a commit at the same moment may remove the one that was newest just now."""
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError):
            return FileIndex(FileStorage(str(folder)), schema=schema())
    return FileIndex(FileStorage(str(folder)), schema=schema())


def _made_by(analyses: Analyses) -> dict[str, object]:
    return {"schema": VERSION, "language": analyses.language, "whoosh": list(whoosh.__version__)}


def _label(folder: Path) -> Path:
    return folder / "label.json"


def _damage(folder: Path) -> Path:
    return folder / "damaged"
