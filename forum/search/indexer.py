"""Keeping the index in step with the database.

Jobs name threads, and each asks for the same: make the index agree with what the database says now. So it
does no harm to do a job twice, nor to die between the two commits, of the index and of the database.

Two workers may hold jobs of one thread at the same time, and the slower one may have read the thread before
its latest change. Therefore a thread is read once more after it was written, and written again if it has
changed: whoever writes last has then seen that the database still says the same, and every later change has
a job of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import chain, islice
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core import outbox, page_version
from forum.core.db import Database
from forum.core.forked import Shared, shared
from forum.core.outbox import Claim, Job
from forum.search.documents import BATCH, documents, visible_thread_count, visible_thread_ids
from forum.search.engine import Preparable, Resumable, SearchEngine, SearchIndex, SearchUnavailable, Teachable
from forum.search.meaning import SAMPLE
from forum.search.state import Reached
from forum.search.threads import ThreadDocument

QUEUE = "search"
"""The queue whose jobs name threads that changed."""

ATTEMPTS = 5
"""How often a thread is written anew because it changed while it was written; then its job waits."""

KEEP_EVERY = 10_000
"""Threads after which a rebuild notes how far it has got; a killed one gives so many at most once more.

Whoosh holds their postings in memory until then, and writes them as one segment, not merged any more.
"""

WORTH_SHARING = 1_000
"""Threads from which on other processes are started for a rebuild, which takes a tenth of a second."""

Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many threads are done, of how many, between two batches; what it raises ends the work."""


def _told_nobody(_done: int, _total: int) -> None:
    """Take the place of a progress that nobody wants to see."""


def _noted_by_nobody(_thread_ids: Sequence[int]) -> None:
    """Take the place of somebody who wants to know what was indexed."""


class Indexer:
    """Brings threads from the database into the index; several may work on the same index."""

    def __init__(
        self,
        database: Database,
        engine: SearchEngine,
        *,
        note: Callable[[Sequence[int]], None] = _noted_by_nobody,
        processes: int = 1,
    ) -> None:
        """Let `note` be told which threads were indexed because of jobs; use so many processes to rebuild."""
        self._database = database
        self._engine = engine
        self._note = note
        self._processes = processes

    def drain(self, *, limit: int = BATCH) -> int:
        """Do up to `limit` jobs that are due and return how many were done; 0 when there is nothing to do.

        Jobs that fail return to the queue. Raises SearchUnavailable when that is the index's fault; a thread
        that can't be indexed keeps none of the others from it.
        """
        # Without an index every attempt would fail, and the jobs would wait longer after each.
        if reason := self._engine.unusable():
            raise SearchUnavailable(reason)
        # Looked at before, as a claim keeps writers of SQLite waiting, even when it finds nothing.
        with self._database.reading() as session:
            if not outbox.is_due(session, QUEUE):
                return 0
        with self._database.transaction() as session:
            claimed = outbox.claim(session, QUEUE, limit=limit)
        if not claimed.job_ids:
            return 0
        try:
            faults = self._index_claimed(claimed.subject_ids)
        except BaseException as error:
            with self._database.transaction() as session:
                outbox.put_back(session, claimed, error=str(error))
            raise
        with self._database.transaction() as session:
            page_version.move(session)
            done = _settle(session, claimed, faults)
        self._note(claimed.subject_ids)
        return done

    def index_threads(self, thread_ids: Iterable[int]) -> None:
        """Make the index say about these threads what the database says; it forgets those that nobody sees.

        Raises SearchUnavailable when the index can't be written.
        """
        for batch in _batches(thread_ids):
            self._index_batch(batch)

    def reindex(
        self,
        filling: Progress = _told_nobody,
        *,
        comparing: Progress = _told_nobody,
        is_alone: bool = False,
    ) -> int:
        """Build the index anew beside the live one, switch to it, and return the number of its threads.

        An interrupted rebuild is gone on with if the engine kept it. Searching goes on, and so does the work
        on jobs: what it changes in the old index is carried over by the engine. That leaves one gap. A thread
        that is changed and changed back meanwhile looks unchanged to the engine, though the new index may
        hold what was between. So everything is compared once more after the switch (see `compare`), unless
        nobody else works on jobs meanwhile (`is_alone`): then every change has a job that is still there.
        """
        with self._database.reading() as session:
            waiting = session.scalars(select(Job.id).where(Job.queue == QUEUE)).all()
            total = visible_thread_count(session)
        with self._engine.rebuilding() as fresh:
            threads = self._fill(fresh, total, filling)
        # Their changes were committed before anything was read, so that they are in the new index already.
        for ids in _batches(waiting):
            with self._database.transaction() as session:
                outbox.complete(session, Claim(job_ids=tuple(ids), subject_ids=(), attempts=0))
        if not is_alone:
            self.compare(comparing)
        with self._database.transaction() as session:
            page_version.move(session)
        return threads

    def compare(self, progress: Progress = _told_nobody) -> None:
        """Write the threads anew about which index and database disagree; reads the whole site.

        That costs a fifth of indexing it. The fingerprints of 200,000 threads take 45 MB meanwhile.
        """
        self.index_threads(self.stale_threads(progress))

    def stale_threads(self, progress: Progress = _told_nobody) -> Iterator[int]:
        """Yield the threads about which index and database disagree; reads the whole site."""
        marks = dict(self._engine.fingerprints())
        total, done = len(marks), 0

        def marked(ids: Sequence[int]) -> list[tuple[int, str]]:
            return [(document.thread_id, document.fingerprint()) for document in self._documents(ids)]

        with self._shared(marked, processes=self._processes_for(total)) as sharing:
            for batch in sharing.in_order(marked, self._batches_of_ids()):
                for thread_id, mark in batch:
                    if marks.pop(thread_id, None) != mark:
                        yield thread_id
                done += len(batch)
                progress(done, max(done, total))
        yield from marks

    def _fill(self, fresh: SearchIndex, total: int, progress: Progress) -> int:
        """Put all threads into a fresh index and return how many they are.

        Of what an interrupted rebuild put in, only what has changed since is put in again. Between two
        batches the index can be kept as it is, which is what happens when `progress` raises.
        """
        start, known = _kept(fresh)
        processes = 1
        prepare: Callable[[Sequence[ThreadDocument]], Any] = list
        put: Callable[[Any], None] = fresh.index
        counted: Callable[[Sequence[ThreadDocument]], Any] = list
        if isinstance(fresh, Preparable):
            # Documents are not worth sending, but what is made of them is.
            processes, prepare, put = self._processes_for(total), fresh.prepare, fresh.put
            counted = fresh.counted

        def count(ids: Sequence[int]) -> Any:
            return counted(self._documents(ids))

        def read(ids: Sequence[int]) -> tuple[list[int], int, Any]:
            batch = self._documents(ids)
            wanted = [
                document
                for document in batch
                if document.thread_id > start or known.get(document.thread_id) != document.fingerprint()
            ]
            return (
                [document.thread_id for document in batch],
                len(wanted),
                prepare(wanted) if wanted else None,
            )

        done = unkept = last = 0
        with self._shared(count, read, processes=processes) as sharing:
            if isinstance(fresh, Teachable) and not fresh.has_learned():
                _teach(fresh, total, sharing.in_order(count, self._sample(total)))
            for thread_ids, wanted, batch in sharing.in_order(read, self._batches_of_ids()):
                if wanted:
                    put(batch)
                for thread_id in thread_ids:
                    known.pop(thread_id, None)
                done, unkept = done + len(thread_ids), unkept + wanted
                last = max([start, *thread_ids])
                if unkept >= KEEP_EVERY:
                    _keep(fresh, Reached(last, done))
                    unkept = 0
                try:
                    progress(done, max(done, total))
                except BaseException:
                    _keep(fresh, Reached(last, done))
                    raise
        fresh.remove(known)
        return done

    def _sample(self, total: int) -> Iterator[Sequence[int]]:
        """Yield the ids of as many threads as there is to learn from, spread evenly over the site."""
        step = -(-total // SAMPLE) or 1
        return (ids[::step] for ids in self._batches_of_ids())

    def _processes_for(self, threads: int) -> int:
        return self._processes if threads >= WORTH_SHARING else 1

    def _shared(
        self, *works: Callable[[Sequence[int]], Any], processes: int
    ) -> AbstractContextManager[Shared]:
        # Connections may not be inherited; they are opened again when they are needed.
        return shared(*works, processes=processes, before=self._database.dispose)

    def _batches_of_ids(self) -> Iterator[Sequence[int]]:
        """Yield the ids of all visible threads, batch by batch; no snapshot is held open between them."""
        after = 0
        while True:
            with self._database.reading() as session:
                ids = visible_thread_ids(session, after=after)
            if not ids:
                return
            yield ids
            after = ids[-1]

    def _documents(self, thread_ids: Sequence[int]) -> list[ThreadDocument]:
        with self._database.reading() as session:
            return list(documents(session, thread_ids))

    def _index_batch(self, thread_ids: Sequence[int]) -> None:
        threads = self._read(thread_ids)
        for _ in range(ATTEMPTS):
            self._engine.index(document for document in threads.values() if document is not None)
            self._engine.remove(thread_id for thread_id, document in threads.items() if document is None)
            latest = self._read(list(threads))
            threads = {id: document for id, document in latest.items() if document != threads[id]}
            if not threads:
                return
        raise SearchUnavailable(f"The threads {sorted(threads)} change faster than they can be indexed.")

    def _read(self, thread_ids: Sequence[int]) -> dict[int, ThreadDocument | None]:
        threads: dict[int, ThreadDocument | None] = dict.fromkeys(thread_ids)
        threads.update((document.thread_id, document) for document in self._documents(thread_ids))
        return threads

    def _index_claimed(self, thread_ids: Sequence[int]) -> dict[int, str]:
        """Index the threads together or, if that fails, one by one; return what is wrong with which."""
        faults: dict[int, str] = {}
        try:
            self.index_threads(thread_ids)
        except SearchUnavailable:
            raise
        except Exception:
            for thread_id in thread_ids:
                try:
                    self.index_threads([thread_id])
                except SearchUnavailable:
                    raise
                except Exception as error:
                    faults[thread_id] = repr(error)
        return faults


def _teach(fresh: Teachable, total: int, counted: Iterator[Any]) -> None:
    if isinstance(fresh, Preparable):
        fresh.learn_from(counted, threads=total)
    else:
        fresh.learn(chain.from_iterable(counted), threads=total)


def _kept(fresh: SearchIndex) -> tuple[int, dict[int, str]]:
    """Return up to which id an interrupted rebuild put threads in, and their fingerprints."""
    start = fresh.reached().thread_id if isinstance(fresh, Resumable) else 0
    if not start:
        return 0, {}
    known = dict(fresh.fingerprints())
    # A rebuild that was killed while it kept the index may have put in more than it could note.
    fresh.remove([thread_id for thread_id in known if thread_id > start])
    return start, {thread_id: mark for thread_id, mark in known.items() if thread_id <= start}


def _keep(fresh: SearchIndex, reached: Reached) -> None:
    if isinstance(fresh, Resumable):
        fresh.keep(reached)


def _settle(session: Session, claimed: Claim, faults: dict[int, str]) -> int:
    """Forget the jobs that are done, put the others back, and return how many were done."""
    if not faults:
        outbox.complete(session, claimed)
        return len(claimed.job_ids)
    of_faulty = select(Job.id).where(Job.id.in_(claimed.job_ids), Job.subject_id.in_(faults))
    left = frozenset(session.scalars(of_faulty))
    done = tuple(id for id in claimed.job_ids if id not in left)
    outbox.complete(session, Claim(job_ids=done, subject_ids=(), attempts=0))
    failed = Claim(job_ids=tuple(left), subject_ids=tuple(faults), attempts=claimed.attempts)
    outbox.put_back(session, failed, error="; ".join(faults.values()))
    return len(done)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    left = iter(ids)
    while batch := list(islice(left, BATCH)):
        yield batch
