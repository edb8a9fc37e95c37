"""Starting the servers to be measured, each on a port of its own, and counting their processor time."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import psutil

from forum.core.settings import Settings

START_SECONDS = 60
STOP_SECONDS = 15
SETTLE_SECONDS = 120
LOOK_AGAIN_SECONDS = 0.005
IDLE_SECONDS, IDLE_SHARE = 2.0, 0.1
"""A server that uses less than this share of a processor for so long has nothing left to do."""


class Server:
    """A running server with its child processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = psutil.Process(process.pid)
        self.port = port
        self.host = f"127.0.0.1:{port}"

    def cpu_seconds(self) -> float:
        """Return the processor time that the server and its children have used so far."""
        return sum(_cpu_seconds(process) for process in self._family())

    def settle(self) -> None:
        """Wait until what was asked for is done in the background, too, for `SETTLE_SECONDS` at most."""
        until = time.monotonic() + SETTLE_SECONDS
        used = self.cpu_seconds()
        while time.monotonic() < until:
            time.sleep(IDLE_SECONDS)
            before, used = used, self.cpu_seconds()
            if used - before < IDLE_SECONDS * IDLE_SHARE:
                return

    def memory_megabytes(self) -> float:
        """Return the memory of all its processes, with what they share counted once."""
        return sum(_own_bytes(process) for process in self._family()) / 1e6

    def _family(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]


@contextmanager
def askwell(settings: Settings) -> Iterator[Server]:
    """Run `askwell serve` on a site, with its default settings but for what is given."""
    port = _free_port()
    with _running(_serve(port), _environment(settings), port) as server:
        yield server


def first_page_seconds(settings: Settings) -> float:
    """Return how long it takes from the start of `askwell serve` to its first page, in seconds."""
    port = _free_port()
    begun = time.perf_counter()
    with _running(_serve(port), _environment(settings), port):
        while True:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/", timeout=START_SECONDS) as page:
                page.read()
                return time.perf_counter() - begun
            time.sleep(LOOK_AGAIN_SECONDS)


@contextmanager
def yardstick(address: str, frames: Path, settings: Settings) -> Iterator[Server]:
    """Run the bare pages over the database at `address`, on the same kind of server."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(settings.workers)]
    command += ["--blocking-threads", str(settings.threads), "--no-access-log"]
    environment = {"BENCH_DATABASE": address, "BENCH_FRAMES": str(frames)}
    with _running([*command, "bench.bare_site:app"], environment, port) as server:
        yield server


def _serve(port: int) -> list[str]:
    return [sys.executable, "-m", "forum.cli", "serve", "--port", str(port)]


def _environment(settings: Settings) -> dict[str, str]:
    chosen = {"ASKWELL_DATA_DIR": str(settings.data_dir), "ASKWELL_LOG_LEVEL": "warning"}
    chosen["ASKWELL_WORKERS"] = str(settings.workers)
    if not settings.is_embedded:
        chosen["ASKWELL_DATABASE_URL"] = settings.database_address
    return chosen


@contextmanager
def _running(command: list[str], settings: dict[str, str], port: int) -> Iterator[Server]:
    process = subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(process, port)
        yield Server(process, port)
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a server, and kill it with its children if it does not end by itself: nothing of it is kept."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in family:
        with suppress(psutil.NoSuchProcess):
            child.kill()


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended at once: {process.args!r}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(LOOK_AGAIN_SECONDS)
    raise RuntimeError(f"the server did not answer within {START_SECONDS} s")


def _own_bytes(process: psutil.Process) -> float:
    memory = process.memory_full_info()
    # Only Linux counts what is shared by halves; elsewhere it is counted in each process.
    return float(getattr(memory, "pss", memory.rss))


def _cpu_seconds(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    # Children that have ended are counted by the process that waited for them.
    ended = getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return float(times.user + times.system + ended)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
