"""The background worker as a child process, started again whenever it ends by itself."""

import os
import subprocess
import sys
import threading
import time

import structlog

GRACE_SECONDS = 4.0
"""How long the worker may take to finish its batch."""
HEALTHY_SECONDS = 60.0
"""A worker that ran for so long did not fail at its start."""
LONGEST_PAUSE_SECONDS = 30.0
"""The longest pause before a start after failures; the first is one second, each next one doubles."""

log = structlog.get_logger(__name__)


class BackgroundWorker:
    """Keeps one process of `askwell worker` running."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread = threading.Thread(target=self._keep_running, name="background worker", daemon=True)

    def start(self) -> None:
        """Start the worker, and look after it from a thread."""
        self._launch()
        self._thread.start()

    def stop(self) -> None:
        """End the worker: it finishes its batch, or is killed if that takes too long."""
        self._stopping.set()
        with self._starting:
            process = self._process
        if process is None:
            return
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _launch(self) -> None:
        command = [sys.executable, "-m", "forum.cli", "worker", "--parent", str(os.getpid())]
        with self._starting:
            if not self._stopping.is_set():
                self._process = subprocess.Popen(command)

    def _keep_running(self) -> None:
        failures = 0
        while self._process is not None and not self._stopping.is_set():
            began = time.monotonic()
            status = self._process.wait()
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - began > HEALTHY_SECONDS else failures + 1
            pause = min(2.0**failures / 2, LONGEST_PAUSE_SECONDS)
            log.error("the background worker ended; starting it again", status=status, seconds=pause)
            self._stopping.wait(pause)
            self._launch()
