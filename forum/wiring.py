"""Who listens to which event, and what the settings choose: the one file to read to learn it."""

from dataclasses import replace

import forum.accounts.models
import forum.badges.models
import forum.core.outbox
import forum.core.rate_limits
import forum.drafts.models
import forum.follows.models
import forum.images.models
import forum.importers.models
import forum.posts.models
import forum.reputation.models
import forum.saved_searches.models
import forum.searches.models
import forum.shares.models
import forum.tags.models
import forum.votes.models
from forum.core.errors import Misconfigured
from forum.core.settings import Settings
from forum.core.tables import Base
from forum.images.storage import Folder, ImageStore
from forum.search.analysis import Analyses
from forum.search.engine import SearchEngine
from forum.search.engines.languages import analyses_for, with_synonyms
from forum.search.indexer import QUEUE as SEARCH
from forum.search.pretrained import Pretrained

metadata = Base.metadata
"""All tables, for the migrations."""

forum.core.outbox.routes.update(
    {
        "thread changed": (SEARCH,),
    }
)


def open_engine(settings: Settings, *, postgres_schema: str | None = None) -> SearchEngine:
    """Open the search index of the site; it need not be there yet, see `SearchEngine.needs_rebuild`.

    Raises Misconfigured for an engine that can't be opened.
    """
    analyses = with_synonyms(analyses_for(settings.search_language), settings.synonyms_file)
    if settings.search_model != "none":
        analyses = replace(analyses, model=Pretrained())
    match settings.search_engine:
        case "postgres":
            # The engines that a site did not choose would take their part of each process and of its start.
            from forum.search.engines.postgres_engine import SCHEMA, PostgresEngine

            schema = postgres_schema or SCHEMA
            return PostgresEngine(settings.database_address, analyses, schema=schema)
        case "opensearch":
            return _open_opensearch(settings, analyses)
        case "whoosh":
            from forum.search.engines.whoosh_engine import WhooshEngine  # As above.

            return WhooshEngine(settings.search_dir, analyses)


def open_images(settings: Settings) -> ImageStore:
    """Return where the files of images are; raise Misconfigured for a store that can't be used."""
    if settings.image_store == "files":
        return Folder(settings.images_dir)
    try:
        # Only sites that chose it have its client library, which takes half a second to load.
        from forum.images.bucket import Bucket, Place
    except ModuleNotFoundError as error:
        raise Misconfigured(
            f"ASKWELL_IMAGE_STORE: s3 needs the package {error.name}; run: pip install 'askwell[s3]'"
        ) from None
    place = Place(
        bucket=settings.image_bucket or "",
        endpoint=settings.image_endpoint,
        region=settings.image_region,
        access_key=settings.image_access_key,
        secret_key=settings.image_secret_key,
    )
    return Bucket(place)


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
