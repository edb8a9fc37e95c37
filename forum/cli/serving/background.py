"""The background worker as a child process, started again whenever it ends by itself."""

import os
import signal
import threading
import time
from multiprocessing.process import BaseProcess

import structlog

from forum.cli.serving.sharing import application, call_process, process
from forum.cli.serving.working import work
from forum.core.settings import Settings

GRACE_SECONDS = 4.0
"""How long the worker may take to finish its batch."""
HEALTHY_SECONDS = 60.0
"""A worker that ran for so long did not fail at its start."""
LONGEST_PAUSE_SECONDS = 30.0
"""The longest pause before a start after failures; the first is one second, each next one doubles."""

log = structlog.get_logger(__name__)


class BackgroundWorker:
    """Keeps one process running that does what `askwell worker` does."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: BaseProcess | None = None
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
            worker = self._process
        if worker is None:
            return
        worker.terminate()
        worker.join(GRACE_SECONDS)
        if worker.exitcode is None:
            worker.kill()
            worker.join()

    def _launch(self) -> None:
        with self._starting:
            if not self._stopping.is_set():
                self._process = process(_work, self._settings, os.getpid(), name="background worker")
                self._process.start()

    def _keep_running(self) -> None:
        failures = 0
        while self._process is not None and not self._stopping.is_set():
            began = time.monotonic()
            self._process.join()
            status = self._process.exitcode
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - began > HEALTHY_SECONDS else failures + 1
            pause = min(2.0**failures / 2, LONGEST_PAUSE_SECONDS)
            log.error("the background worker ended; starting it again", status=status, seconds=pause)
            self._stopping.wait(pause)
            self._launch()


def _work(settings: Settings, parent: int) -> None:
    call_process("askwell-worker")
    # The server's own answer to it was inherited.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    site = application(settings).extensions["askwell"]
    work(site.database, site.engine, site.images, data_dir=settings.data_dir, parent=parent)
