"""A lock between processes that ends with the process that holds it."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forum.search.engine import SearchUnavailable

_POLL_SECONDS = 0.02


@contextmanager
def held(path: Path, *, seconds: float, refusal: str) -> Iterator[None]:
    """Hold the lock of this file inside the block; wait so long for it, then raise SearchUnavailable.

    The kernel gives the lock up when its holder dies, however it dies, so none is ever left behind. It also
    keeps threads of one process apart, because each call opens the file anew.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + seconds
    with path.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise SearchUnavailable(refusal) from None
                time.sleep(_POLL_SECONDS)
        yield
