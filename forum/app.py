"""The web application: its parts, in the order in which a request meets them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask, Response
from flask_compress import Compress
from werkzeug.middleware.proxy_fix import ProxyFix

from forum import wiring
from forum.accounts.rules import SESSION_DAYS
from forum.core import logs
from forum.core.db import Database, open_database
from forum.core.maintenance import Maintenance
from forum.core.rate_limits import RateLimits
from forum.core.readiness import Readiness
from forum.core.settings import Settings, load_settings, templates_dir
from forum.images.storage import ImageStore
from forum.search.engine import SearchEngine
from forum.web import (
    account,
    addresses,
    answers,
    asking,
    brand,
    browser_search,
    cards,
    claiming,
    closing,
    comments,
    compiled_templates,
    crawling,
    drafts,
    errors,
    feeds,
    filters,
    follows,
    health,
    help,
    home,
    images,
    incoming,
    insight,
    languages,
    login,
    maintenance,
    metrics,
    page_cache,
    parts,
    posts,
    preview,
    printing,
    questions,
    request_log,
    request_scope,
    retagging,
    saved_searches,
    search,
    security_headers,
    sharing,
    similar,
    site_state,
    static_files,
    tag_editing,
    tags,
    template_context,
    users,
    votes,
)
from forum.web.activity import Activity
from forum.web.cookie_sessions import CookieSessions
from forum.web.middleware import put_before
from forum.web.request_scope import Site
from forum.web.translated_templates import TranslatedEnvironment

MAX_REQUEST_BYTES = 1024 * 1024
"""The longest text of 30,000 characters takes 360,000 bytes in a form; the rest of a form is short. Images
are larger, see forum.web.images."""
MAX_FORM_FIELDS = 100

VIEWS = (
    *(home, questions, cards, asking, similar, answers, comments, posts, retagging, closing, votes, preview),
    *(tags, tag_editing, users, search, saved_searches, account, claiming, insight, help, feeds, follows),
    *(drafts, crawling, browser_search, sharing),
    *(images, brand, health, metrics, site_state),
)


class Askwell(Flask):
    """Flask, with the transaction of a request ended before its response is sent."""

    jinja_environment = TranslatedEnvironment

    def process_response(self, response: Response) -> Response:
        """Let what is the same for everybody say so, which every look at the session denies."""
        response = super().process_response(response)
        if "public" in response.headers.get("Cache-Control", ""):
            # In small letters, or Werkzeug forgets the name and keeps the header.
            response.vary.discard("cookie")
        return response

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is: none is asynchronous, and Flask would look at each every time."""
        return func

    def dispatch_request(self) -> Response:
        """Call the view and commit what it wrote; errors of the commit become error pages like any other."""
        response = self.make_response(super().dispatch_request())
        request_scope.finish(response)
        return response


def create_app(
    settings: Settings | None = None,
    *,
    database: Database | None = None,
    engine: SearchEngine | None = None,
    image_store: ImageStore | None = None,
) -> Flask:
    """Build the application; what is not given is made from the settings.

    Without a database that answers and is migrated it shows one page only, until there is one.
    """
    settings = settings or load_settings()
    logs.configure(form=settings.log_format, level=settings.log_level)
    database = database or open_database(settings.database_address, must_answer=False)
    app = Askwell("forum", template_folder=str(templates_dir()), static_folder=None)
    app.config.from_mapping(_configuration(settings))
    app.session_interface = CookieSessions()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    site = Site(
        settings=settings,
        database=database,
        limits=RateLimits(database),
        activity=Activity(database),
        engine=engine or wiring.open_engine(settings),
        images=image_store or wiring.open_images(settings),
        maintenance=Maintenance(settings.data_dir),
        readiness=Readiness(database),
    )
    # The first to be registered is the last to see a response.
    Compress(app)
    request_scope.install(app, site)
    request_log.install(app)
    addresses.install(app)
    security_headers.install(app)
    login.install(app)
    maintenance.install(app)
    incoming.install(app)
    images.install(app)
    incoming.protect_forms(app)
    errors.install(app)
    languages.install(app)
    parts.install(app)
    printing.install(app)
    template_context.install(app)
    compiled_templates.install(app, settings)
    filters.register(app)
    for views in VIEWS:
        app.register_blueprint(views.blueprint)
    page_cache.install(app, site)
    static_files.install(app, settings)
    brand.install(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        put_before(app, lambda inner: ProxyFix(inner, x_for=hops, x_proto=hops))
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.signing_key(),
        "SESSION_COOKIE_NAME": "__Host-session" if settings.address.startswith("https:") else "session",
        "SESSION_COOKIE_SECURE": settings.address.startswith("https:"),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=SESSION_DAYS),
        "MAX_CONTENT_LENGTH": MAX_REQUEST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MAX_REQUEST_BYTES,
        "MAX_FORM_PARTS": MAX_FORM_FIELDS,
        # Lengths of compressed pages give no token away: cookies are SameSite=Lax, so no other site can let a
        # browser ask for pages of somebody who has signed in.
        "COMPRESS_ALGORITHM": ["zstd", "br", "gzip"],
        # A form may stand open for as long as its session lasts.
        "WTF_CSRF_TIME_LIMIT": None,
        # People who hide the referrer may post too; Sec-Fetch-Site is checked instead, see incoming.py.
        "WTF_CSRF_SSL_STRICT": False,
    }
