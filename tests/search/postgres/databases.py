"""Search engines in PostgreSQL for tests: each has a schema of its own and drops it when closed."""

import os
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from forum.search.engines.languages import analyses_for
from forum.search.engines.postgres_engine import PostgresEngine
from tests.fixtures.postgres_server import administrate


class TidyEngine(PostgresEngine):
    """An engine that takes its tables with it."""

    def __init__(self, url: str, *, language: str = "en", schema: str = "", patience: float = 30.0) -> None:
        self.url = url
        self.schema = schema or f"search_{uuid4().hex}"
        super().__init__(url, analyses_for(language), schema=self.schema, patience=patience)

    def close(self) -> None:
        self.discard()
        super().close()


class SearchDatabase:
    """The database that one worker of the run has for its engines, made when the first one is opened."""

    def __init__(self) -> None:
        self._request: pytest.FixtureRequest | None = None
        self._url: str | None = None

    def begin(self, request: pytest.FixtureRequest) -> None:
        """Remember by which request, of the whole run, the server is asked for."""
        self._request = request

    def url(self) -> str:
        """Return the address; skip the test without a server. The run's end removes the database."""
        if self._url is None:
            assert self._request is not None, "the fixture search_database comes first"
            server: URL = self._request.getfixturevalue("postgres_server")
            folder = self._request.getfixturevalue("run_folder")
            name = f"{folder.name}-search-{os.getpid()}"
            with administrate(server) as connection:
                connection.execute(text(f'CREATE DATABASE "{name}"'))
            self._url = server.set(database=name).render_as_string(hide_password=False)
        return self._url

    def open(self) -> TidyEngine:
        """Return an engine on a schema that is not there yet."""
        return TidyEngine(self.url())


SEARCH_DATABASE = SearchDatabase()
"""The one of this process."""
