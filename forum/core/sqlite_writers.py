"""How the writers of one SQLite database take turns, and when what they wrote is on the disk.

SQLite lets one transaction write at a time, and lets the others sleep for up to a tenth of a second between
two looks. Here they wait in a line instead: threads of a process for a lock, processes for a lock of the
operating system on a file beside the database, which wakes the next one at once and is free again when its
holder dies. The line is a courtesy: whoever writes without it, such as another program, is kept out by
SQLite's own lock, which everybody takes when their turn has come.

A commit is written to the log of SQLite, and forced to the disk when the next one may already write. So on a
slow disk all wait for their own words, but nobody for those of others (docs/decisions/0018).
"""

import fcntl
import os
import sqlite3
import threading
import time

_sync = getattr(os, "fdatasync", os.fsync)


class Line:
    """The writers of one database who wait for their turn, in all threads and processes."""

    def __init__(self, database: str) -> None:
        self._turn_path = f"{database}-turn"
        self._log_path = f"{database}-wal"
        self._threads = threading.Lock()
        self._file: int | None = None
        self._asking, self._forcing = threading.Lock(), threading.Lock()
        self._asked = self._forced = 0

    def wait(self, *, until: float) -> bool:
        """Wait for the turn, within a process until a moment by the monotonic clock; tell whether it came."""
        if not self._threads.acquire(timeout=max(0.0, until - time.monotonic())):
            return False
        try:
            if self._file is None:
                self._file = os.open(self._turn_path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except OSError:
            # Some file systems have no such locks; then SQLite's own does alone.
            self._threads.release()
            return False
        return True

    def leave(self) -> None:
        """Let the next one write."""
        if self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()

    def force_log(self) -> None:
        """Return when all that was committed is on the disk; raise sqlite3.OperationalError if it can't be.

        Those who ask while the disk is busy share the next write to it.
        """
        with self._asking:
            self._asked += 1
            mine = self._asked
        with self._forcing:
            if self._forced >= mine:
                return
            shared = self._asked
            self._force()
            self._forced = shared

    def _force(self) -> None:
        try:
            log = os.open(self._log_path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            # Whoever removes the log has brought all of it into the database, and that to the disk.
            return
        try:
            _sync(log)
        except OSError as error:
            raise sqlite3.OperationalError(f"the disk does not keep what is written: {error}") from error
        finally:
            os.close(log)

    def close(self) -> None:
        """Forget the file; it is opened again when it is needed."""
        with self._threads:
            if self._file is not None:
                os.close(self._file)
                self._file = None


class WriterConnection(sqlite3.Connection):
    """A connection that ends its turn with its transaction, and returns from a commit when it is durable."""

    line: Line | None = None
    _has_turn = False
    _changes = 0

    def wait_for_turn(self, *, until: float) -> None:
        """Wait for the turn in the line; without one, go on after a time."""
        if self.line is not None and not self._has_turn:
            self._has_turn = self.line.wait(until=until)
        self._changes = self.total_changes

    def end_turn(self) -> None:
        """Let the next one write."""
        if self.line is not None and self._has_turn:
            self._has_turn = False
            self.line.leave()

    def commit(self) -> None:
        """Commit, let the next one write, and return when the change is on the disk."""
        super().commit()
        has_written = self.total_changes != self._changes
        self._changes = self.total_changes
        self.end_turn()
        if has_written and self.line is not None:
            self.line.force_log()

    def rollback(self) -> None:
        """Roll back and let the next one write."""
        try:
            super().rollback()
        finally:
            self.end_turn()

    def close(self) -> None:
        """Close the connection and let the next one write."""
        try:
            super().close()
        finally:
            self.end_turn()
