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
from forum.core.errors import Misconfigured
from forum.core.settings import Settings
from forum.search.analysis import Analyses
from forum.search.engine import SearchEngine
from forum.search.engines.languages import analyses_for, with_synonyms
from forum.search.engines.postgres_engine import PostgresEngine
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
    """Open the search index of the site; it need not be there yet, see `SearchEngine.needs_rebuild`.

    Raises Misconfigured for an engine that can't be opened.
    """
    analyses = with_synonyms(analyses_for(settings.search_language), settings.synonyms_file)
    match settings.search_engine:
        case "postgres":
            return PostgresEngine(settings.database_address, analyses)
        case "opensearch":
            return _open_opensearch(settings, analyses)
        case "whoosh":
            return WhooshEngine(settings.search_dir, analyses)


def _open_opensearch(settings: Settings, analyses: Analyses) -> SearchEngine:
    try:
        # Only sites that chose it have its client library, which takes tens of megabytes.
        from forum.search.engines.opensearch_engine import OpenSearchEngine
        from forum.search.engines.opensearch_server import Server  # The same holds here.
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"ASKWELL_SEARCH_ENGINE: opensearch needs the package {error.name}; "
            "run: pip install 'askwell[opensearch]'"
        ) from None
    return OpenSearchEngine(Server(settings.opensearch_url), settings.opensearch_index, analyses)
