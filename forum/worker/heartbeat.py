"""A sign of life from the worker to the health check: the time stamp of a file in the data directory.

A file and not a row, because a beat every second would otherwise be a write transaction every second.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from forum.core import clock

FILE_NAME = "worker-heartbeat"
ALIVE_SECONDS = 30
"""A worker not seen for longer is taken for dead; its longest silence is the commit of one batch."""


class Heartbeat:
    """The sign of life of the worker of one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME

    def beat(self) -> None:
        """Note that the worker is alive at this moment."""
        self._path.touch()

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat once a second during a block that takes longer than a worker may be silent."""
        ended = Event()

        def beat_on() -> None:
            while not ended.wait(1.0):
                self.beat()

        thread = Thread(target=beat_on, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def stop(self) -> None:
        """Note that the worker ended in an orderly way."""
        self._path.unlink(missing_ok=True)

    def seconds_ago(self) -> float | None:
        """Return how long ago the last beat was, or None when no worker runs."""
        try:
            beaten_at = self._path.stat().st_mtime
        except OSError:
            return None
        return max(0.0, clock.now().timestamp() - beaten_at)


def is_alive(seconds_ago: float | None) -> bool:
    """Tell whether a worker whose last beat was so long ago counts as alive."""
    return seconds_ago is not None and seconds_ago <= ALIVE_SECONDS
