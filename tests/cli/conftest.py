"""The program, run inside the test's process on a site of its own."""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from forum.cli.main import main
from forum.core.db import Database, open_database


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the site, which no command has made yet."""
    path = tmp_path / "site"
    monkeypatch.setenv("ASKWELL_DATA_DIR", str(path))
    return path


@pytest.fixture
def askwell(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run a command as the shell would, with a text for its standard input."""
    level, before = logging.root.level, list(logging.root.handlers)

    def run(*arguments: str, stdin: str = "") -> Outcome:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["askwell", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else 1
        printed = capsys.readouterr()
        return Outcome(status, printed.out, printed.err)

    yield run
    structlog.reset_defaults()
    logging.root.handlers, logging.root.level = before, level


@pytest.fixture
def site(askwell: Run, data_dir: Path) -> Iterator[Database]:
    """The database of a new site."""
    assert askwell("stats").status == 0
    database = open_database(f"sqlite:///{data_dir / 'askwell.db'}")
    yield database
    database.dispose()
