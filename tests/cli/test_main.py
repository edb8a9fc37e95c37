import os
import subprocess
import sys
from pathlib import Path

import pytest

from forum import __version__
from forum.cli.main import askwell as program
from tests.cli.conftest import Run


def test_it_tells_its_version(askwell: Run) -> None:
    assert askwell("--version").out == f"askwell, version {__version__}\n"


@pytest.mark.parametrize("verb", sorted(program.commands))
def test_every_verb_has_help(askwell: Run, verb: str) -> None:
    shown = askwell(verb, "--help")

    assert shown.status == 0
    assert shown.out.startswith(f"Usage: askwell {verb}")


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["stats", "--nonsense"], ["search"], ["serve", "--port", "0"], ["db", "up"]]
)
def test_it_refuses_what_it_does_not_know(askwell: Run, arguments: list[str]) -> None:
    refused = askwell(*arguments)

    assert refused.status == 2
    assert refused.err.startswith("askwell: ")
    assert refused.err.count("\n") == 1
    assert "--help" in refused.err


def test_a_wrong_setting_is_one_line_that_names_it(askwell: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_PORT", "many")

    refused = askwell("stats")

    assert refused.status == 2
    assert refused.err.startswith("askwell: ASKWELL_PORT: ")
    assert refused.err.count("\n") == 1


def test_an_unknown_setting_offers_the_nearest(askwell: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DATADIR", "site")

    refused = askwell("stats")

    assert (refused.status, refused.out) == (2, "")
    assert "did you mean ASKWELL_DATA_DIR?" in refused.err


def test_a_database_that_does_not_answer_is_one_line(askwell: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    refused = askwell("stats")

    assert refused.status == 2
    assert refused.err.startswith("askwell: ASKWELL_DATABASE_URL: the database does not answer")
    assert refused.err.count("\n") == 1


def test_a_folder_that_can_not_be_made_is_one_line(
    askwell: Run, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir.write_text("a file where the folder should be")
    monkeypatch.setenv("ASKWELL_DATA_DIR", str(data_dir / "below"))

    refused = askwell("stats")

    assert refused.status == 2
    assert refused.err.startswith("askwell: ASKWELL_DATA_DIR: the folder")


def test_a_file_that_is_no_database_is_one_line(askwell: Run, data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "askwell.db").write_bytes(b"anything but a database" * 100)

    refused = askwell("stats")

    assert refused.status == 2
    assert refused.err.startswith("askwell: The database ")
    assert refused.err.count("\n") == 1


def test_a_reader_that_goes_away_causes_no_noise(project_dir: Path) -> None:
    reading_end, writing_end = os.pipe()
    os.close(reading_end)

    ended = subprocess.run(
        [sys.executable, "-m", "forum.cli", "--help"],
        cwd=project_dir,
        stdout=writing_end,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing_end)

    assert ended.stderr == ""


def test_no_verb_loads_what_only_others_need(project_dir: Path) -> None:
    loaded = "import sys; from forum.cli.main import askwell; print(*sys.modules)"

    modules = subprocess.run(
        [sys.executable, "-c", loaded], cwd=project_dir, capture_output=True, text=True, check=True
    ).stdout.split()

    assert not {"granian", "lxml", "markdown", "sqlalchemy", "whoosh"} & set(modules)
