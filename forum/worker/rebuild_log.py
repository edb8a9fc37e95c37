"""What is known about the latest rebuild of the search index: files in the data directory.

Every process of the site reads them, for the dashboard, the metrics and the worker. Whether a rebuild runs at
this moment is told by a lock, which the kernel takes from a process that dies.
"""

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from forum.core import clock
from forum.search.engine import SearchUnavailable

NOTE_SECONDS = 1.0
"""How often a rebuild notes how far it is."""
_PATIENCE_SECONDS = 1.0


class Stage(StrEnum):
    """What a rebuild does or was doing when it ended."""

    FILLING = "filling"
    """The new index is being filled; the old one answers."""
    COMPARING = "comparing"
    """The new index answers, and is compared with the database once more."""
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Rebuild:
    """A rebuild of the search index, as far as it has got."""

    reason: str
    begun_at: datetime
    stage: Stage = Stage.FILLING
    done: int = 0
    """Threads that are done in this stage."""
    total: int = 0
    ended_at: datetime | None = None
    """When it was done or failed; None while it runs and after a kill."""
    error: str = ""
    is_running: bool = False

    @property
    def is_interrupted(self) -> bool:
        """Whether it has ended before it was done."""
        return not self.is_running and self.stage is not Stage.DONE

    @property
    def seconds(self) -> float | None:
        """How long it took, or None if that is not known."""
        return (self.ended_at - self.begun_at).total_seconds() if self.ended_at else None


class RebuildLog:
    """The notes on rebuilds in one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._notes = data_dir / "rebuild.json"
        self._lock = data_dir / "rebuild.lock"
        self._request = data_dir / "rebuild-requested"

    def request(self) -> None:
        """Ask the worker for a rebuild; asking twice does no more."""
        self._request.touch()

    def is_requested(self) -> bool:
        """Tell whether somebody waits for a rebuild that has not been done."""
        return self._request.exists()

    def latest(self) -> Rebuild | None:
        """Return the rebuild that runs or ran last, or None if none is known."""
        # The lock is looked at first: one that ends in between is shown as running, with its last note.
        is_running = self.is_running()
        try:
            noted = json.loads(self._notes.read_text("utf-8"))
            return Rebuild(
                reason=noted["reason"],
                begun_at=datetime.fromisoformat(noted["begun_at"]),
                stage=Stage(noted["stage"]),
                done=noted["done"],
                total=noted["total"],
                ended_at=datetime.fromisoformat(noted["ended_at"]) if noted["ended_at"] else None,
                error=noted["error"],
                is_running=is_running and noted["stage"] != Stage.DONE,
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @contextmanager
    def recording(self, reason: str, *, stage: Stage = Stage.FILLING) -> Iterator["Recorder"]:
        """Give what notes the progress of a rebuild that happens in the block.

        Raises SearchUnavailable when another one runs.
        """
        self._lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._lock.open("ab") as file:
            self._take(file.fileno())
            recorder = Recorder(self._notes, Rebuild(reason, clock.now(), stage=stage))
            try:
                yield recorder
            except BaseException as error:
                # Whatever ended the rebuild is what its caller must hear of, not that it can't be noted.
                with suppress(OSError):
                    recorder.end(error=str(error) or type(error).__name__)
                raise
            recorder.end()
            self._request.unlink(missing_ok=True)

    def _take(self, file: int) -> None:
        """Take the lock; somebody who only looks whether it is taken holds it for a moment."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    refusal = "The search index is being rebuilt already; wait until that is done."
                    raise SearchUnavailable(refusal) from None
                time.sleep(0.01)

    def is_running(self) -> bool:
        """Tell whether a process of this machine rebuilds the index at this moment."""
        try:
            with self._lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False


class Recorder:
    """Notes how far a rebuild is."""

    def __init__(self, notes: Path, rebuild: Rebuild) -> None:
        self._notes = notes
        self._rebuild = rebuild
        self._write_at = 0.0
        self._write()

    def note(self, stage: Stage, done: int, total: int) -> None:
        """Note the progress; more often than once a second only when a stage begins."""
        begins = stage is not self._rebuild.stage
        self._rebuild = replace(self._rebuild, stage=stage, done=done, total=total)
        if begins or time.monotonic() >= self._write_at:
            self._write()

    def end(self, *, error: str = "") -> None:
        """Note that the rebuild is done, or what ended it."""
        stage = self._rebuild.stage if error else Stage.DONE
        self._rebuild = replace(self._rebuild, stage=stage, error=error, ended_at=clock.now())
        self._write()

    def _write(self) -> None:
        self._write_at = time.monotonic() + NOTE_SECONDS
        draft = self._notes.with_name(f"{self._notes.name}.{os.getpid()}")
        draft.write_text(json.dumps(asdict(self._rebuild), default=datetime.isoformat), "utf-8")
        draft.replace(self._notes)
