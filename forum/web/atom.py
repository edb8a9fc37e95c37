"""A feed as Atom (RFC 4287), answered by 304 while a reader has it already."""

import hashlib
import re
from datetime import UTC, datetime
from urllib.parse import urljoin

from feedgenerator import Atom1Feed
from flask import Response, request

from forum.core.i18n import gettext
from forum.pages.feeds import Entry, Feed
from forum.web.addresses import here
from forum.web.filters import user_path
from forum.web.request_scope import settings

_SECONDS = 300
"""How long a reader may keep a feed without asking."""
_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
"""When an empty feed changed last; any constant moment keeps its ETag the same."""

# What XML 1.0 can't hold, not even as a reference: texts of imports may have it.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Stored HTML has no other quotes around values, and none inside them: see forum.core.markup.
_TAG = re.compile(r'<(?:a|img)\b(?:[^<>"]|"[^"]*")*>')
_ADDRESS = re.compile(r'(?<=\s)(href|src)="([^"]*)"')


class _Atom(Atom1Feed):  # type: ignore[misc]  # the library has no types
    """Atom whose time of change is that of its entries, also when there are none."""

    def latest_post_date(self) -> datetime:
        changed: datetime = self.feed["changed_at"]
        return changed


def atom(feed: Feed) -> Response:
    """Return a feed as the response to this request."""
    site = settings()
    changed_at = max((entry.updated_at for entry in feed.entries), default=_NOTHING_YET)
    address = site.address + here()
    writer = _Atom(
        title=clean(f"{feed.title} · {site.site_name}"),
        link=site.address + feed.path,
        description=None,
        feed_url=address,
        feed_guid=address,
        changed_at=changed_at,
    )
    for entry in feed.entries:
        _add(writer, entry, site.address)
    text: str = writer.writeString("utf-8")
    response = Response(text, content_type="application/atom+xml; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(hashlib.sha256(response.data).hexdigest()[:32])
    response.last_modified = changed_at
    response.make_conditional(request)
    return response


def clean(text: str) -> str:
    """Return a text without the characters that XML can't hold."""
    return _NOT_XML.sub("", text)


def absolute(html: str, base: str) -> str:
    """Return stored HTML with whole addresses, as it is read far from the page at `base`."""

    def whole(tag: re.Match[str]) -> str:
        return _ADDRESS.sub(lambda found: f'{found[1]}="{urljoin(base, found[2])}"', tag[0])

    return _TAG.sub(whole, html)


def _add(writer: Atom1Feed, entry: Entry, site: str) -> None:
    name = clean(entry.author_name or "").strip() or gettext("somebody")
    writer.add_item(
        title=clean(entry.title).strip(),
        link=site + entry.path,
        description=None,
        content=clean(absolute(entry.html, site + entry.path)),
        unique_id=site + entry.id,
        pubdate=entry.published_at,
        updateddate=entry.updated_at,
        author_name=name,
        author_link=site + user_path(entry.author_id, name) if entry.author_id else None,
        categories=[clean(tag) for tag in entry.tags],
    )
