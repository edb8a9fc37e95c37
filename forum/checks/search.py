"""The search index against the threads that everybody can see, by content."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.checks.differences import Difference
from forum.checks.windows import portions
from forum.core.db import Database
from forum.core.outbox import Job
from forum.search.documents import documents, visible_thread_count, visible_thread_ids
from forum.search.engine import Readable, SearchEngine, SearchUnavailable
from forum.search.indexer import QUEUE, Indexer
from forum.search.threads import ThreadDocument

Progress = Callable[[int, int], None]
"""Is told how many threads are compared, of how many."""


class Search:
    """The content of the index; what still waits in the outbox is lag and no difference.

    Each thread's fingerprint is compared with that of the database, and where the engine keeps the document
    that snippets are taken from, the document itself. Memory holds the fingerprints, 45 MB for 200,000
    threads, and one portion of documents.
    """

    name = "search index"

    def __init__(self, database: Database, engine: SearchEngine, *, progress: Progress | None = None) -> None:
        self._database = database
        self._engine = engine
        self._indexer = Indexer(database, engine)
        self._progress = progress or (lambda _done, _total: None)

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield the threads that the index has too much, too little, or in another wording."""
        reason = self._engine.unusable()
        if reason and not visible_thread_ids(session):
            return
        try:
            if not reason:
                yield from self._in_threads()
        except SearchUnavailable as error:
            reason = error.message
        if reason:
            yield Difference("search.index", 0, "an index that can be used", reason)

    def _in_threads(self) -> Iterator[Difference]:
        suspects = sorted(self._suspects())
        # On a busy site some of them have been changed and indexed meanwhile, so each gets a second look.
        indexed = self._engine.fingerprints() if suspects else {}
        for thread_ids in portions(suspects):
            for thread_id in self._still_stale(thread_ids, indexed):
                found = "another content" if thread_id in indexed else "nothing"
                yield Difference("search.thread", thread_id, "what the database says", found)

    def _suspects(self) -> Iterator[int]:
        """Yield the threads that differ at a first look; reads the whole site."""
        marks = dict(self._engine.fingerprints())
        with self._database.reading() as session:
            total = visible_thread_count(session)
        after = done = 0
        while True:
            # A snapshot for each portion: one for all would keep a busy site's old rows alive for minutes.
            with self._database.reading() as session:
                ids = visible_thread_ids(session, after=after)
                present = {document.thread_id: document for document in documents(session, ids)}
            if not ids:
                break
            yield from self._differing(present, {id: marks.pop(id, None) for id in ids})
            after, done = ids[-1], done + len(ids)
            self._progress(done, max(done, total))
        yield from marks

    def _differing(
        self, present: Mapping[int, ThreadDocument], marks: Mapping[int, str | None]
    ) -> Iterator[int]:
        """Yield those of the threads of which the index has another fingerprint or another document."""
        kept = self._kept(present)
        for thread_id, mark in marks.items():
            document = present.get(thread_id)
            is_same = document is not None and mark == document.fingerprint()
            if not is_same or (kept is not None and kept.get(thread_id) != document):
                yield thread_id

    def _kept(self, thread_ids: Mapping[int, object]) -> Mapping[int, ThreadDocument] | None:
        """Return the documents that the index keeps, or None if its engine keeps none."""
        if not isinstance(self._engine, Readable):
            return None
        return {document.thread_id: document for document in self._engine.documents(thread_ids)}

    def _still_stale(self, thread_ids: Sequence[int], indexed: Mapping[int, str]) -> list[int]:
        jobs = select(Job.subject_id).where(Job.queue == QUEUE, Job.subject_id.in_(thread_ids))
        with self._database.reading() as session:
            present = {thread.thread_id: thread for thread in documents(session, thread_ids)}
            waiting = frozenset(session.scalars(jobs))
        differing = self._differing(present, {id: indexed.get(id) for id in thread_ids})
        return [
            thread_id
            for thread_id in differing
            if thread_id not in waiting and (thread_id in present or thread_id in indexed)
        ]

    def repair(self, _database: Database) -> None:
        """Write the threads that differ anew, or the whole index if it can't be used."""
        if not self._engine.unusable():
            try:
                self._indexer.index_threads(list(self._suspects()))
            except SearchUnavailable:
                # Reading every document may have been what showed that the index is damaged.
                if not self._engine.unusable():
                    raise
        if self._engine.unusable():
            self._indexer.reindex()
