"""The search index against the threads that everybody can see."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.checks.differences import Difference
from forum.checks.windows import portions
from forum.core.db import Database
from forum.core.outbox import Job
from forum.search.documents import documents, visible_thread_ids
from forum.search.engine import SearchEngine
from forum.search.indexer import QUEUE, Indexer


class Search:
    """The content of the index; what still waits in the outbox is lag and no difference."""

    name = "search index"

    def __init__(self, database: Database, engine: SearchEngine) -> None:
        self._database = database
        self._engine = engine
        self._indexer = Indexer(database, engine)

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield the threads that the index has too much, too little, or in another wording."""
        reason = self._engine.needs_rebuild()
        if reason and not visible_thread_ids(session):
            return
        if reason:
            yield Difference("search.index", 0, "an index that can be used", reason)
            return
        suspects = sorted(self._indexer.stale_threads())
        # On a busy site some of them have been changed and indexed meanwhile, so each gets a second look.
        indexed = self._engine.fingerprints() if suspects else {}
        for thread_ids in portions(suspects):
            for thread_id in self._still_stale(thread_ids, indexed):
                found = "another content" if thread_id in indexed else "nothing"
                yield Difference("search.thread", thread_id, "what the database says", found)

    def _still_stale(self, thread_ids: Sequence[int], indexed: Mapping[int, str]) -> list[int]:
        jobs = select(Job.subject_id).where(Job.queue == QUEUE, Job.subject_id.in_(thread_ids))
        with self._database.reading() as session:
            present = {thread.thread_id: thread.fingerprint() for thread in documents(session, thread_ids)}
            waiting = frozenset(session.scalars(jobs))
        return [
            thread_id
            for thread_id in thread_ids
            if thread_id not in waiting and present.get(thread_id) != indexed.get(thread_id)
        ]

    def repair(self, _database: Database) -> None:
        """Write the threads that differ anew, or the whole index if it can't be used."""
        if self._engine.needs_rebuild():
            self._indexer.reindex()
        else:
            self._indexer.index_threads(list(self._indexer.stale_threads()))
