"""Bringing the index up to date from a command, whether or not a worker runs."""

from pathlib import Path

from forum.core import outbox
from forum.core.db import Database
from forum.core.forked import processes_here
from forum.search.engine import SearchEngine
from forum.search.indexer import QUEUE, Indexer, Progress
from forum.worker.rebuild_log import Stage
from forum.worker.rebuilding import Rebuilding, Tell
from forum.worker.standing_by import only_worker

REBUILD_ABOVE_JOBS = 2_000
"""With more threads waiting, one rebuild is faster than bringing them in batch by batch."""


def catch_up(
    database: Database, engine: SearchEngine, *, data_dir: Path, progress: Progress | None = None
) -> bool:
    """Do the work that waits for the index, unless a worker is at it; return whether this process did it."""
    with only_worker(data_dir) as alone:
        if not alone:
            return False
        indexer = Indexer(database, engine)
        with database.transaction() as session:
            outbox.release(session, QUEUE)
            outbox.retry_at_once(session, QUEUE)
            waiting = outbox.backlog(session, QUEUE).jobs
        # An index that can be used is not built anew while somebody waits for a command.
        reason = engine.unusable() or (f"{waiting} threads waited." if waiting > REBUILD_ABOVE_JOBS else None)
        if reason:
            rebuilding = Rebuilding(database, engine, data_dir=data_dir, processes=processes_here())
            # On another host there may be a worker all the same.
            rebuilding.rebuild(reason, _shown_by(progress), is_alone=database.is_sqlite)
        while indexer.drain():
            pass
        return True


def _shown_by(progress: Progress | None) -> Tell:
    def tell(stage: Stage, done: int, total: int) -> None:
        if progress is not None and stage is Stage.FILLING:
            progress(done, total)

    return tell
