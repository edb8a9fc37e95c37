"""The whole site as processes: it starts, answers, survives the death of its parts, and ends in order."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

import psutil
import pytest

from forum.core.db import open_database
from forum.posts.models import Post
from tests.checks.community import settle

pytestmark = pytest.mark.slow

START_SECONDS = 90
"""What a start may take on a machine that runs the other tests at the same time."""


class Server:
    """A site that was started as `askwell serve`."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.greeting: list[str] = []

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body of a page."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        connection.close()
        return response.status, body

    def health(self) -> dict[str, dict[str, object]]:
        """Return what the health check says."""
        facts: dict[str, dict[str, object]] = json.loads(self.get("/healthz")[1])
        return facts

    def is_well(self) -> bool:
        """Tell whether the health check is content."""
        return self.get("/healthz")[0] == 200

    def background_worker(self) -> psutil.Process | None:
        """Return the process of the background worker."""
        for child in psutil.Process(self.process.pid).children():
            # One that has just died has no name any more.
            with suppress(psutil.ZombieProcess, psutil.NoSuchProcess):
                if child.name() == "askwell-worker":
                    return child
        return None


def wait_until(is_so: Callable[[], object], seconds: float = START_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "site"


@pytest.fixture
def start(data_dir: Path, project_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a site; whatever is left of it at the end is killed."""
    with ExitStack() as started:

        def begin(port: int | None = None) -> Server:
            port = port or free_port()
            log = started.enter_context((tmp_path / "log").open("a"))
            process = started.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "forum.cli", "serve", "--port", str(port), "--workers", "2"],
                    cwd=project_dir,
                    env={**os.environ, "ASKWELL_DATA_DIR": str(data_dir)},
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
            )
            # Its children end with it, which one of the tests here proves.
            started.callback(process.kill)
            server = Server(process, port)
            assert process.stdout is not None
            server.greeting.append(process.stdout.readline())
            return server

        yield begin


@contextmanager
def measured(at_most: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < at_most


def test_it_starts_answers_and_ends_in_good_order(start: Callable[..., Server], data_dir: Path) -> None:
    server = start()
    assert server.process.stdout is not None
    rest = [server.process.stdout.readline() for _ in range(2)]

    assert server.greeting == [f"Askwell answers at http://127.0.0.1:{server.port} (Ctrl+C ends it).\n"]
    assert rest[0].startswith("There is no administrator yet.")
    link = re.fullmatch(rf"  http://127\.0\.0\.1:{server.port}(/setup/[\w-]{{43}})\n", rest[1])
    assert link is not None
    assert server.get(link[1])[0] == 200
    wait_until(server.is_well)
    family = psutil.Process(server.process.pid).children(recursive=True)
    assert len(family) >= 3

    server.process.terminate()
    with measured(at_most=10):
        assert server.process.wait() == 0
    assert [process for process in family if process.is_running()] == []
    assert not (data_dir / "worker-heartbeat").exists()


def test_a_request_that_is_under_way_is_answered_before_it_ends(start: Callable[..., Server]) -> None:
    server = start()
    body = b"login=ada&password=nonsense"
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        kind = "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        connection.sendall((head + kind).encode() + body[:9])
        time.sleep(0.5)

        server.process.terminate()
        time.sleep(0.5)
        connection.sendall(body[9:])

        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")
    assert server.process.wait(10) == 0


def test_views_that_were_counted_are_written_when_it_ends(
    start: Callable[..., Server], data_dir: Path
) -> None:
    server = start()
    database = open_database(f"sqlite:///{data_dir / 'askwell.db'}")
    question_id = settle(database).question_id
    assert server.get(f"/questions/{question_id}/why-does-it-beep-at-all")[0] == 200

    server.process.terminate()
    assert server.process.wait(10) == 0

    # Pages that are made before anybody asks for them are no views.
    server = start()
    server.process.terminate()
    assert server.process.wait(10) == 0

    with database.reading() as session:
        question = session.get(Post, question_id)
        assert question is not None
        assert question.view_count == 1
    database.dispose()


def test_a_background_worker_that_dies_is_started_again(start: Callable[..., Server]) -> None:
    server = start()
    wait_until(server.is_well)
    first = server.background_worker()
    assert first is not None

    first.kill()

    wait_until(lambda: server.background_worker() not in {None, first})
    wait_until(lambda: float(str(server.health()["worker"]["seen_seconds_ago"] or 99)) < 2)
    server.process.terminate()
    assert server.process.wait(10) == 0


def test_a_web_process_that_dies_is_started_again(start: Callable[..., Server]) -> None:
    server = start()
    wait_until(server.is_well)
    worker = server.background_worker()
    web = [child for child in psutil.Process(server.process.pid).children() if child != worker]
    assert len(web) == 2

    web[0].kill()

    def has_two_again() -> bool:
        children = psutil.Process(server.process.pid).children()
        alive = [child for child in children if child.status() != psutil.STATUS_ZOMBIE and child != worker]
        return len(alive) == 2 and web[0] not in alive

    wait_until(has_two_again)
    assert server.is_well()


def test_its_processes_end_when_it_is_killed(start: Callable[..., Server]) -> None:
    server = start()
    wait_until(server.is_well)
    family = psutil.Process(server.process.pid).children(recursive=True)

    server.process.kill()

    wait_until(lambda: not any(process.is_running() for process in family), seconds=20)
    again = start(server.port)
    assert again.get("/healthz")[0] in {200, 503}


def test_a_port_in_use_is_one_line(project_dir: Path, data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = subprocess.run(
            [sys.executable, "-m", "forum.cli", "serve", "--port", str(port)],
            cwd=project_dir,
            env={**os.environ, "ASKWELL_DATA_DIR": str(data_dir)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert refused.returncode == 2
    assert refused.stderr.startswith(f"askwell: ASKWELL_PORT: port {port} is in use")
    assert refused.stderr.count("\n") == 1


def test_a_worker_alone_ends_on_sigterm(project_dir: Path, data_dir: Path) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-m", "forum.cli", "worker"],
        cwd=project_dir,
        env={**os.environ, "ASKWELL_DATA_DIR": str(data_dir), "ASKWELL_LOG_LEVEL": "error"},
    )
    wait_until((data_dir / "worker-heartbeat").exists)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(10) == 0
    assert not (data_dir / "worker-heartbeat").exists()
