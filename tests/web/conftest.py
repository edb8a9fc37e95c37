"""The application over an empty database, and people at their browsers."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from forum.app import create_app
from forum.core import passwords
from forum.core.db import Database
from forum.core.settings import Settings
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.web import static_files
from tests.web.browser import Browser, sign_in_as

MakeApp = Callable[..., Flask]
SignIn = Callable[..., Browser]


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all applications of this run; it would take most of the time of a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def static_files_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the static files are ready to be served."""
    return static_files.prepare(tmp_path_factory.mktemp("site")).parent


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords in less than a millisecond; the strength of hashes is tested with `passwords`."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The address of an empty SQLite database.

    What a view asks of the database is tested on both kinds with its action, query and page, and what the
    web part itself meets there in `on_both_databases`; a second round of all views finds nothing more.
    """
    return sqlite_url


@pytest.fixture
def data_dir(tmp_path: Path, static_files_made: Path) -> Path:
    """An empty data directory but for the static files, which would be made anew for each test."""
    (tmp_path / "static").symlink_to(static_files_made)
    return tmp_path


@pytest.fixture
def make_app(
    database: Database, data_dir: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[MakeApp]:
    """Build an application with settings of one's choice over the database of this test."""
    made: list[Flask] = []

    def make(**settings: object) -> Flask:
        values = {"data_dir": data_dir, "log_level": "error", **settings}
        app = create_app(
            Settings.model_validate(values), database=database, engine=MemoryEngine(analyses_for("en"))
        )
        app.testing = True
        app.jinja_env.bytecode_cache = compiled_templates
        made.append(app)
        return app

    yield make
    for app in made:
        app.extensions["askwell"].activity.close()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The application with default settings."""
    return make_app()


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """The browser of somebody who has not signed in."""
    return Browser(app)


@pytest.fixture
def sign_in(app: Flask, database: Database) -> SignIn:
    """Make people who have signed in, each in a browser of their own."""

    def make(name: str | None = None, *, reputation: int = 1, role: str = "member") -> Browser:
        return sign_in_as(app, database, name, reputation=reputation, role=role)

    return make


@pytest.fixture
def member(sign_in: SignIn) -> Browser:
    """A person without any privilege."""
    return sign_in("Mary Member")
