from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

import forum.wiring  # noqa: F401 - it makes all tables and the routes of the outbox known.
from forum.core.db import Database, open_database
from forum.importers.stackexchange.importing import import_dump
from forum.importers.stackexchange.loading.run import Renderer
from forum.importers.stackexchange.progress import SilentProgress
from forum.importers.stackexchange.report import Report


class Importing(Protocol):
    def __call__(
        self, path: Path, database: Database, *, host: str | None = None, is_dry_run: bool = False
    ) -> Report: ...


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """Processes that render for all imports of a worker: starting them takes longer than a small import."""
    with Renderer() as shared:
        yield shared


@pytest.fixture
def run_import(renderer: Renderer, tmp_path: Path) -> Importing:
    """Import a dump with the data directory of this test."""

    def run(path: Path, database: Database, *, host: str | None = None, is_dry_run: bool = False) -> Report:
        return import_dump(
            path,
            database=database,
            data_dir=tmp_path / "data",
            progress=SilentProgress(),
            host=host,
            is_dry_run=is_dry_run,
            renderer=renderer,
        )

    return run


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """An empty, migrated SQLite database, for what does not depend on the kind of database."""
    opened = open_database(sqlite_url)
    yield opened
    opened.dispose()
