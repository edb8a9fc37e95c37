"""The loop of the worker: take jobs from the outbox, bring their threads into the index, look after the rest.

Every step can be repeated and none depends on memory, so the process may be killed at any moment: what it had
taken is taken again at the next start.
"""

import time
from pathlib import Path
from threading import Event

import structlog
from sqlalchemy.exc import SQLAlchemyError

from forum.core import outbox
from forum.core.db import Database
from forum.core.memory import give_back
from forum.images.storage import ImageStore
from forum.search.documents import BATCH
from forum.search.engine import MapsFiles, SearchEngine, SearchUnavailable
from forum.search.indexer import QUEUE, Indexer
from forum.worker.heartbeat import Heartbeat
from forum.worker.housekeeping import SWEEP_SECONDS, sweep
from forum.worker.rebuild_log import Stage
from forum.worker.rebuilding import Rebuilding, Tell
from forum.worker.relating import Relating
from forum.worker.standing_by import only_worker
from forum.worker.watching import Watching

IDLE_SECONDS = 0.3
"""Pause unless more is waiting: a post is found within two seconds, of which indexing takes most.

While many write, it also gathers what they write: a commit of the index costs more than a thread in it.
"""
REST_SECONDS = 2.0
"""After so long without work the worker closes the files that it has mapped, some 40 MB of 10,000 threads."""
STANDING_BY_SECONDS = 1.0
"""How often a worker that stands by looks whether it may begin."""
EXAMINE_SECONDS = 10.0
"""How often an idle worker looks whether the index is still usable."""
LONGEST_BACK_OFF_SECONDS = 30.0
"""The longest pause after a failure; the first is one second, each next one doubles."""

log = structlog.get_logger(__name__)


class _Stopped(Exception):
    """The worker was told to end while it rebuilt the index."""


class Worker:
    """Does the work of one site, and stands by while another worker does."""

    def __init__(
        self, database: Database, engine: SearchEngine, images: ImageStore, *, data_dir: Path
    ) -> None:
        self._database = database
        self._engine = engine
        self._images = images
        self._relating = Relating(database, engine)
        self._indexer = Indexer(database, engine, note=self._relating.note)
        self._watching = Watching(database, engine)
        self._data_dir = data_dir
        self._heartbeat = Heartbeat(data_dir)
        self._rebuilding = Rebuilding(database, engine, data_dir=data_dir)
        self._failures = 0
        self._examine_at = self._rebuild_at = self._sweep_at = 0.0
        self._rest_at: float | None = None

    def run(self, stopping: Event) -> None:
        """Work until `stopping` is set; the batch at hand is finished first."""
        is_told = False
        while not stopping.is_set():
            with only_worker(self._data_dir) as alone:
                if alone:
                    self._work(stopping)
                    return
            if not is_told:
                log.info("another worker is at work; standing by")
                is_told = True
            stopping.wait(STANDING_BY_SECONDS)

    def _work(self, stopping: Event) -> None:
        log.info("worker started")
        is_released = False
        try:
            while not stopping.is_set():
                self._heartbeat.beat()
                try:
                    # No other worker runs, so what is claimed was claimed by one that died.
                    is_released = is_released or self._release_claims()
                    pause = self._turn(stopping)
                    self._failures = 0
                except _Stopped:
                    break
                except Exception as error:
                    pause = self._back_off(error)
                stopping.wait(pause)
        finally:
            self._heartbeat.stop()
            log.info("worker stopped")

    def _turn(self, stopping: Event) -> float:
        """Do what is due and return how many seconds to wait before the next turn."""
        now = time.monotonic()
        is_wanted = now >= self._examine_at or self._rebuilding.log.is_requested()
        if is_wanted and now >= self._rebuild_at:
            self._look_after_index(stopping)
            self._examine_at = time.monotonic() + EXAMINE_SECONDS
        if now >= self._sweep_at:
            sweep(self._database, self._images)
            self._sweep_at = now + SWEEP_SECONDS
        indexed = self._indexer.drain()
        watched = self._watching.turn(indexed=indexed)
        is_relating = self._relating.turn()
        if indexed:
            give_back()
        if indexed or watched or is_relating:
            self._rest_at = now + REST_SECONDS
        elif self._rest_at is not None and now >= self._rest_at:
            self._rest()
        return 0.0 if indexed >= BATCH else IDLE_SECONDS

    def _rest(self) -> None:
        """Let go of what the work has read, which nobody needs until there is more."""
        if isinstance(self._engine, MapsFiles):
            self._engine.let_go()
        if self._database.is_sqlite:
            self._database.dispose()
        give_back()
        self._rest_at = None

    def _back_off(self, error: Exception) -> float:
        """Log a failure and return how long to wait; the worker itself never ends by one."""
        # Whatever went wrong may have been the index.
        self._examine_at = 0.0
        self._failures += 1
        pause = min(2.0 ** (self._failures - 1), LONGEST_BACK_OFF_SECONDS)
        if isinstance(error, SearchUnavailable | SQLAlchemyError):
            log.warning("worker waits", error=str(error), seconds=pause)
        else:
            log.exception("worker failed", seconds=pause)
        return pause

    def _release_claims(self) -> bool:
        with self._database.transaction() as session:
            outbox.release(session, QUEUE)
        return True

    def _look_after_index(self, stopping: Event) -> None:
        """Rebuild the index if that is due; if it fails, an index that can be used is used on."""
        try:
            with self._heartbeat.beating():
                self._rebuild_if_due(self._between_batches(stopping))
        except (SearchUnavailable, OSError) as error:
            if self._engine.unusable():
                raise
            log.warning("the search index could not be rebuilt", error=str(error))
            self._rebuild_at = time.monotonic() + LONGEST_BACK_OFF_SECONDS

    def _rebuild_if_due(self, tell: Tell) -> None:
        reason = self._rebuilding.due()
        if reason is None:
            self._rebuilding.compare_if_left(tell)
            return
        log.info("rebuilding the search index", reason=reason)
        started = time.monotonic()
        threads = self._rebuilding.rebuild(reason, tell)
        self._watching.begin_soon()
        log.info("search index rebuilt", threads=threads, seconds=round(time.monotonic() - started, 1))

    def _between_batches(self, stopping: Event) -> Tell:
        """Return what is done between two batches of a rebuild: end if told to, bring in what changed."""

        def go_on(_stage: Stage, _done: int, _total: int) -> None:
            if stopping.is_set():
                raise _Stopped("The worker was stopped.")
            if self._engine.unusable():
                return
            try:
                if self._indexer.drain():
                    self._watching.begin_soon()
            except SearchUnavailable as error:
                # The jobs are in the queue again; the rebuild need not end for them.
                log.warning("the old index is not kept up to date", error=str(error))

        return go_on
