"""What every test has: no outside network, no settings from the machine, and fixtures by name.

The fixtures themselves are in `tests/fixtures/`, one file per subject.
"""

import os
import sys
from pathlib import Path

import hypothesis
import pytest

from tests.fixtures.compiled_once import compile_once
from tests.fixtures.network import refuse_foreign_addresses
from tests.fixtures.temporary_folders import use_memory

# A plugin that others import comes before them, or pytest could not rewrite its asserts any more.
pytest_plugins = [
    "tests.fixtures.postgres_server",
    "tests.fixtures.opensearch_server",
    "tests.fixtures.s3_store",
    "tests.fixtures.databases",
    "tests.fixtures.browser",
]

ROOT = Path(__file__).resolve().parent.parent

# Before the fixtures name their folders.
use_memory()

# Tests start hundreds of Python processes, each of which would compile the whole program anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long an example takes says more about the machine's other work than about the code.
hypothesis.settings.register_profile("askwell", deadline=None, print_blob=True)
hypothesis.settings.load_profile("askwell")


def pytest_configure(config: pytest.Config) -> None:
    refuse_foreign_addresses()
    compile_once()


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start each test with the default settings and in a folder of its own, where no .env lies."""
    for name in [name for name in os.environ if name.upper().startswith("ASKWELL_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def project_dir() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Real dumps and hostile inputs that lie beside the checkout, too large to be part of it."""
    path = ROOT.parent / "shared"
    if not path.is_dir():
        pytest.skip("needs the folder ../shared beside the checkout (real dumps, hostile inputs)")
    return path
