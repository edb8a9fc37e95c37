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

import psutil

START_SECONDS = 60
STOP_SECONDS = 15


class Server:
    """A running server with its child processes."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = psutil.Process(process.pid)
        self.port = port
        self.host = f"127.0.0.1:{port}"

    def cpu_seconds(self) -> float:
        """Return the processor time that the server and its children have used so far."""
        return sum(_cpu_seconds(process) for process in self._family())

    def memory_megabytes(self) -> float:
        """Return the memory of all its processes, with what they share counted once."""
        return sum(_own_bytes(process) for process in self._family()) / 1e6

    def _family(self) -> list[psutil.Process]:
        return [self._process, *self._process.children(recursive=True)]


@contextmanager
def askwell(
    data_dir: Path, *, database_url: str | None = None, workers: int | None = None
) -> Iterator[Server]:
    """Run `askwell serve` on a data directory, with its default settings but for what is given."""
    settings = {"ASKWELL_DATA_DIR": str(data_dir), "ASKWELL_LOG_LEVEL": "warning"}
    if workers:
        settings["ASKWELL_WORKERS"] = str(workers)
    if database_url:
        settings["ASKWELL_DATABASE_URL"] = database_url
    port = _free_port()
    command = [sys.executable, "-m", "forum.cli", "serve", "--port", str(port)]
    with _running(command, settings, port) as server:
        yield server


@contextmanager
def yardstick(address: str, *, question_bytes: int, list_bytes: int) -> Iterator[Server]:
    """Run the bare pages over the database at `address`, as long as told, on the same kind of server."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "2", "--blocking-threads", "4", "--no-access-log"]
    settings = {
        "BENCH_DATABASE": address,
        "BENCH_QUESTION_BYTES": str(question_bytes),
        "BENCH_LIST_BYTES": str(list_bytes),
    }
    with _running([*command, "bench.bare_site:app"], settings, port) as server:
        yield server


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
        time.sleep(0.05)
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
    return float(times.user + times.system)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
