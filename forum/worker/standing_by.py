"""The lock that lets one of several workers of a data directory work, while the others stand by."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE_NAME = "worker.lock"


@contextmanager
def only_worker(data_dir: Path) -> Iterator[bool]:
    """Give whether this process is the one that may work, and keep it so until the block ends.

    The kernel takes the lock from a process that dies, however it dies.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data_dir / FILE_NAME).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
