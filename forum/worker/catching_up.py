"""Bringing the index up to date from a command, whether or not a worker runs."""

from pathlib import Path

from forum.core import outbox
from forum.core.db import Database
from forum.search.engine import SearchEngine
from forum.search.indexer import QUEUE, Indexer, Progress
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
            waiting = outbox.backlog(session, QUEUE).jobs
        if engine.needs_rebuild() or waiting > REBUILD_ABOVE_JOBS:
            indexer.reindex(progress)
        while indexer.drain():
            pass
        return True
