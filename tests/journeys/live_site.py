"""The real site: `askwell serve` as a process of its own, with its web processes, its worker, its folder."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from playwright._impl._api_structures import SetCookieParam

from forum.core.db import Database, open_database
from forum.core.settings import Settings

START_SECONDS = 60.0
"""How long a server may take to answer, on a machine that runs other tests besides."""
STOP_SECONDS = 20.0
"""More than the grace that server and worker have for what they are doing."""


@dataclass(frozen=True, slots=True)
class LiveSite:
    """A site that answers."""

    address: str
    data_dir: Path
    greeting: str
    """What the server printed when it was ready."""

    @property
    def setup_link(self) -> str:
        """The one-time link that was printed, which makes the first administrator."""
        found = re.search(r"http\S+/setup/\S+", self.greeting)
        assert found, f"no link in: {self.greeting}"
        return found[0]

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Give the database that the server works on."""
        database = open_database(f"sqlite:///{self.data_dir / 'askwell.db'}")
        yield database
        database.dispose()

    def session_cookie(self, token: str) -> SetCookieParam:
        """Return the cookie of a browser that signed in and was given a token."""
        signing = Flask(__name__)
        signing.secret_key = Settings(data_dir=self.data_dir).signing_key()
        serializer = SecureCookieSessionInterface().get_signing_serializer(signing)
        assert serializer is not None
        value = serializer.dumps({"_user_id": token, "_permanent": True})
        return {"name": "session", "value": str(value), "url": self.address}


@contextmanager
def serving(data_dir: Path) -> Iterator[LiveSite]:
    """Serve the site of a folder on a free port until the block ends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    printed = data_dir.with_suffix(".log")
    port = _free_port()
    command = [sys.executable, "-m", "forum.cli", "serve", "--port", str(port)]
    with printed.open("w") as log:
        process = subprocess.Popen(
            command, env=_environment(data_dir), cwd=data_dir, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        greeting = _wait_for_greeting(process, printed)
        _wait_for_worker(port)
        yield LiveSite(f"http://127.0.0.1:{port}", data_dir, greeting)
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def run_askwell(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the program on the site of a folder."""
    command = [sys.executable, "-m", "forum.cli", *arguments]
    environment = _environment(data_dir)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def _environment(data_dir: Path) -> dict[str, str]:
    others = {name: value for name, value in os.environ.items() if not name.startswith("ASKWELL_")}
    return {
        **others,
        "ASKWELL_DATA_DIR": str(data_dir),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }


def _free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


def _wait_for_greeting(process: subprocess.Popen[bytes], printed: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while "answers at" not in (text := printed.read_text()):
        assert process.poll() is None, f"the server ended: {text}"
        assert time.monotonic() < deadline, f"the server did not answer: {text}"
        time.sleep(0.05)
    return text


def _wait_for_worker(port: int) -> None:
    """Wait until the health check says that all is well, which takes a living worker."""
    deadline = time.monotonic() + START_SECONDS
    while (status := _health(port)) != 200:
        assert time.monotonic() < deadline, f"the health check still answers {status}"
        time.sleep(0.1)


def _health(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
    connection.close()
    return status
