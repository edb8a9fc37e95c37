"""What `pip install .` puts on a machine is whole: the program runs without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the contents of the built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    answer = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


@pytest.mark.parametrize(
    ("in_checkout", "in_wheel"),
    [
        ("templates", "forum/templates"),
        ("migrations", "forum/migrations"),
        ("forum/static", "forum/static"),
        ("forum/demo/content", "forum/demo/content"),
        ("forum/cards/fonts", "forum/cards/fonts"),
    ],
)
def test_the_wheel_holds_every_file(in_checkout: str, in_wheel: str, installed: Path) -> None:
    expected = _tracked_files(in_checkout)

    assert expected
    assert _files(installed / in_wheel) == expected


def test_the_wheel_offers_the_command(installed: Path) -> None:
    (entry_points,) = installed.glob("askwell-*.dist-info/entry_points.txt")

    assert "askwell = forum.cli.main:main" in entry_points.read_text()


def test_the_installed_program_makes_its_database(installed: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-c", "from forum.cli.main import main; main()"]
    environment = {
        **os.environ,
        # The folder on the path wins over the checkout, in which the tests run.
        "PYTHONPATH": str(installed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "ASKWELL_DATA_DIR": str(tmp_path / "site"),
    }

    answer = subprocess.run(
        [*program, "stats", "--json"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "site" / "askwell.db").exists()


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _tracked_files(folder: str) -> set[str]:
    """Return the files below a folder of the checkout that Python did not make while running."""
    return {name for name in _files(ROOT / folder) if "__pycache__" not in name}
