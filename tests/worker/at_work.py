"""Workers in threads, and waiting for what they do."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from forum.core.db import Database
from forum.images.storage import Folder
from forum.search.engine import SearchEngine
from forum.worker.loop import Worker


@contextmanager
def working(database: Database, engine: SearchEngine, data_dir: Path) -> Iterator[None]:
    """Let a worker run during the block."""
    stopping = threading.Event()
    worker = Worker(database, engine, Folder(data_dir / "images"), data_dir=data_dir)
    thread = threading.Thread(target=worker.run, args=[stopping])
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def wait_until(is_so: Callable[[], bool], *, seconds: float = 20.0) -> float:
    """Wait until something is so and return after how many seconds it was; fail after `seconds`."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "it never came to be"
        time.sleep(0.02)
    return time.monotonic() - began
