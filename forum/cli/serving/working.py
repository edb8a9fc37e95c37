"""The background worker's process, whoever has begun it."""

import os
import signal
import threading
from pathlib import Path

from forum.core.db import Database
from forum.core.parent import when_parent_ends
from forum.images.storage import ImageStore
from forum.search.engine import SearchEngine
from forum.worker.loop import Worker

_NICENESS = 10
"""How far the worker stands back when processors are short: it has a tenth of a web process's share."""


def work(
    database: Database, engine: SearchEngine, images: ImageStore, *, data_dir: Path, parent: int | None = None
) -> None:
    """Work until SIGTERM or SIGINT arrives, or the process `parent` ends."""
    # Those who wait for a page or have sent a form go first; what is to be found can come a moment later.
    os.nice(_NICENESS)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    if parent is not None:
        when_parent_ends(parent, stopping.set)
    Worker(database, engine, images, data_dir=data_dir).run(stopping)
