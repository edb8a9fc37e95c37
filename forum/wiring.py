"""Who listens to which event, and what the settings choose: the one file to read to learn it."""

import forum.accounts.models
import forum.badges.models
import forum.core.outbox
import forum.core.rate_limits
import forum.importers.models
import forum.posts.models
import forum.reputation.models
import forum.saved_searches.models
import forum.searches.models
import forum.tags.models
import forum.votes.models
from forum.core.db import Base
from forum.core.settings import Settings
from forum.search.engine import SearchEngine
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.indexer import QUEUE as SEARCH

metadata = Base.metadata
"""All tables, for the migrations."""

forum.core.outbox.routes.update(
    {
        "thread changed": (SEARCH,),
    }
)


def open_engine(settings: Settings) -> SearchEngine:
    """Open the search index of the site; it need not be there yet, see `SearchEngine.needs_rebuild`."""
    return WhooshEngine(settings.search_dir, analyses_for("en"))
