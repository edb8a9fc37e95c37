"""What search engines are told: robots.txt and the sitemaps."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response

from forum.core.db import Database
from forum.core.errors import NotFound
from forum.pages import sitemaps
from forum.pages.sitemaps import MOST_ADDRESSES, Address, Kind
from forum.web.request_scope import database, read_session, settings

blueprint = Blueprint("crawling", __name__)

_SECONDS = 3600
"""How long robots and caches may keep these files."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_TO_STAY_OUT_OF = (
    # Endless, or for people who are about to write. Feeds and short links say noindex by themselves.
    *("/search", "/similar", "/posts/", "/comments/", "/questions/ask", "/questions/*/close", "/tags/*/edit"),
    *(
        "/sign-in",
        "/register",
        "/settings",
        "/saved-searches",
        "/following",
        "/claim/",
        "/setup/",
        "/insight",
        "/admin/",
    ),
)
_KINDS = {kind.value: kind for kind in Kind}


@blueprint.get("/robots.txt")
def robots() -> Response:
    lines = ["User-agent: *"]
    if settings().crawlers == "closed":
        lines.append("Disallow: /")
    else:
        lines += [f"Disallow: {path}" for path in _TO_STAY_OUT_OF]
        lines += ["", f"Sitemap: {settings().address}/sitemap.xml"]
    return _kept(Response("\n".join(lines) + "\n", mimetype="text/plain"))


@blueprint.get("/sitemap.xml")
def index() -> Response:
    _refuse_when_closed()
    entries = (
        Address(f"/sitemaps/{file.kind}-{file.first}.xml", file.changed_at)
        for file in sitemaps.files(read_session())
    )
    text = "".join(_written("sitemapindex", "sitemap", entries, settings().address))
    return _kept(Response(text, mimetype="application/xml"))


@blueprint.get("/sitemaps/<kind>-<int:first>.xml")
def file(kind: str, first: int) -> Response:
    _refuse_when_closed()
    if kind not in _KINDS or first % MOST_ADDRESSES:
        raise NotFound("There is no such sitemap; /sitemap.xml lists them.")
    # Sent while it is read: a full file has several megabytes.
    lines = _written("urlset", "url", _addresses(database(), _KINDS[kind], first), settings().address)
    return _kept(Response(lines, mimetype="application/xml"))


def _addresses(source: Database, kind: Kind, first: int) -> Iterator[Address]:
    # In a session of its own, because that of the request is closed before the response is sent.
    with source.reading() as session:
        yield from sitemaps.addresses(session, kind, first)


def _written(root: str, element: str, entries: Iterable[Address], site: str) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    for entry in entries:
        changed = ""
        if entry.changed_at is not None:
            changed = f"<lastmod>{entry.changed_at.isoformat(timespec='seconds')}</lastmod>"
        yield f"<{element}><loc>{escape(site + entry.path)}</loc>{changed}</{element}>\n"
    yield f"</{root}>\n"


def _refuse_when_closed() -> None:
    if settings().crawlers == "closed":
        raise NotFound("This site asks search engines to stay away, so it has no sitemap.")


def _kept(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return response
