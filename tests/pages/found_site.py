"""A site whose search narrows: threads of different tags, states, ages and people, and their index."""

from dataclasses import dataclass, field
from datetime import timedelta

from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.pages import search_results
from forum.pages.search_results import SearchPage
from forum.search.engine import Hits, SearchQuery
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from tests.factories import make_answer, make_question, make_user


class CountingEngine(MemoryEngine):
    """The engine in memory, with the number of searches it made."""

    searches = 0

    def search(self, query: SearchQuery) -> Hits:
        """Search and count it."""
        self.searches += 1
        return super().search(query)


@dataclass
class FoundSite:
    """A database and the index over it."""

    database: Database
    engine: CountingEngine = field(default_factory=lambda: CountingEngine(analyses_for("en")))

    def index(self) -> None:
        """Bring the index up to date."""
        Indexer(self.database, self.engine).reindex()

    def search(self, text: str, *, viewer: Actor | None = None, page: int = 1) -> SearchPage:
        """Search with facets, as the page does."""
        with self.database.reading() as session:
            return search_results.load(
                session, self.engine, text, viewer=viewer, page=page, limit=5, with_facets=True
            )


def fill(site: FoundSite) -> dict[str, int]:
    """Put four threads about a fan in, two of them by Otto and one of those solved by Eve."""
    now = clock.now()
    with site.database.transaction() as session:
        otto, eve = make_user(session, "Otto"), make_user(session, "Eve Long Name")
        solved = make_question(
            session,
            otto,
            title="Loud fan in a dock",
            tags=("docks", "fans"),
            created_at=now - timedelta(days=3),
        )
        make_answer(session, solved, eve, text="Clean the fan.", accepted=True)
        make_question(
            session, otto, title="Fan stays silent", tags=("fans",), created_at=now - timedelta(days=20)
        )
        make_question(
            session, eve, title="Fan of a printer", tags=("printing",), created_at=now - timedelta(days=90)
        )
        make_question(session, title="Old fan", tags=("fans",), created_at=now - timedelta(days=900))
        ids = {"otto": otto.id, "eve": eve.id, "solved": solved.id}
    site.index()
    return ids
