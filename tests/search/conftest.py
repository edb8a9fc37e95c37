"""Every engine, empty and ready to be filled, for the tests that all of them must pass."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forum.search.engine import SearchEngine
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.engines.whoosh_engine import WhooshEngine
from tests.search.opensearch.nodes import SEARCH_NODE
from tests.search.postgres.databases import SEARCH_DATABASE
from tests.search.sites import SITE

ENGINES: dict[str, Callable[[Path], SearchEngine]] = {
    "memory": lambda folder: MemoryEngine(analyses_for("en")),
    "whoosh": lambda folder: WhooshEngine(folder / "search", analyses_for("en")),
    "postgres": lambda folder: SEARCH_DATABASE.open(),
    "opensearch": lambda folder: SEARCH_NODE.open(),
}


@pytest.fixture(scope="session", autouse=True)
def _search_database(request: pytest.FixtureRequest) -> None:
    """Let the engine in PostgreSQL ask for a server, which starts when the first test needs it."""
    SEARCH_DATABASE.begin(request)
    SEARCH_NODE.begin(request)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what runs on PostgreSQL and on OpenSearch."""
    for item in items:
        parameters = item.name.partition("[")[2]
        if isinstance(item, pytest.Function) and "postgres" in parameters:
            item.add_marker(pytest.mark.postgres)
        if isinstance(item, pytest.Function) and "opensearch" in parameters:
            item.add_marker(pytest.mark.opensearch)


@pytest.fixture(params=ENGINES)
def new_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    """An engine on a site that was never indexed."""
    engine = ENGINES[request.param](tmp_path)
    yield engine
    engine.close()


@pytest.fixture
def engine(new_engine: SearchEngine) -> SearchEngine:
    """An engine with an index that holds nothing yet."""
    with new_engine.rebuilding():
        pass
    return new_engine


@pytest.fixture
def site(engine: SearchEngine) -> SearchEngine:
    """An engine with a small site in its index."""
    engine.index(SITE)
    return engine
