"""Pages for visitors, made once and given to everybody until something that they show has changed.

A kept page is given out only as long as the version of what pages show is the one of the snapshot that the
page was made from (see `forum.core.page_version`), and for `LONGEST` seconds at most: it tells how long ago
things were, and how often they were looked at. Whoever has signed in, and whoever is to be told something,
gets a page of their own, which is never kept.
"""

import gzip
import hashlib
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response, current_app, g, request, session
from flask.typing import ResponseReturnValue

from forum.core import page_version
from forum.web.choice_cookies import keys_on, theme
from forum.web.languages import language
from forum.web.request_scope import read_session, viewer, wants_fragment

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LONGEST = 60.0
"""Seconds for which a page is kept at most; times on pages are told to the minute."""
MOST_BYTES = 6 * 1024 * 1024
"""How much each process keeps, compressed; some 800 pages, more than are read over and over in a minute."""
_CODINGS: Mapping[str, tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]] = {
    # Half the work of gzip for the same length; browsers that don't know it get gzip.
    "zstd": (lambda body: zstd.compress(body, 6), zstd.decompress),
    "gzip": (lambda body: gzip.compress(body, 6, mtime=0), gzip.decompress),
}

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it is given out, and what it depends on."""

    version: int
    until: float
    bodies: dict[str, bytes]
    """The page in each coding that somebody has asked for; it is there in one at least."""
    etag: str
    headers: tuple[tuple[str, str], ...]
    note: Any
    size: int
    """Bytes that are counted for it; a second coding is about as long."""


class PageCache:
    """The pages of one process, those that nobody asked for lately dropped first."""

    def __init__(self, *, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> KeptPage | None:
        """Return a page that is not too old; whether it is outdated, its version tells."""
        with self._lock:
            page = self._pages.get(key)
            if page is None:
                return None
            if page.until < time.monotonic():
                self._drop(key)
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: KeptPage) -> None:
        """Keep a page in place of the former one."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._bytes += page.size
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._pages)))

    def _drop(self, key: Hashable) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= page.size


def kept_for_visitors(*, seen: Callable[..., None] | None = None) -> Callable[[View], View]:
    """Let the page of a view be kept for visitors.

    `seen` is called whenever the page is given to somebody, with the arguments of the view and, as `note`,
    what the view has left by `leave_note`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**arguments: Any) -> ResponseReturnValue:
            response = _kept_or_made(view, arguments) if _is_for_everybody() else _made(view, arguments)
            if seen is not None and response.status_code in {200, 304} and request.method == "GET":
                seen(**arguments, note=g.get("page_note"))
            return response

        return answer

    return decorate


def leave_note(note: Any) -> None:
    """Leave for `seen` what the view knows of its page."""
    g.page_note = note


def cache() -> PageCache:
    """Return the pages that this process keeps."""
    kept: PageCache = current_app.extensions.setdefault("page-cache", PageCache())
    return kept


def _is_for_everybody() -> bool:
    """Tell whether nothing of the page is for the one who asks alone."""
    return viewer() is None and "_flashes" not in session and not wants_fragment()


def _kept_or_made(view: View, arguments: dict[str, Any]) -> Response:
    key = _key()
    page = cache().get(key)
    version = page_version.current(read_session())
    if page is None or page.version != version:
        response = _made(view, arguments)
        if response.status_code != 200 or session.modified:
            return response
        page = _kept(response, version)
        cache().keep(key, page)
    else:
        g.page_note = page.note
    return _given(page)


def _made(view: View, arguments: dict[str, Any]) -> Response:
    return current_app.make_response(current_app.ensure_sync(view)(**arguments))


def _key() -> Hashable:
    """Return all that the page depends on besides what the database says."""
    appearance = theme(), keys_on()
    return request.endpoint, request.path, request.query_string, language(), *appearance


def _kept(response: Response, version: int) -> KeptPage:
    body = response.get_data()
    coding = _coding() or "zstd"
    compressed = _CODINGS[coding][0](body)
    return KeptPage(
        version=version,
        until=time.monotonic() + LONGEST,
        bodies={coding: compressed},
        etag=hashlib.blake2b(body, digest_size=12).hexdigest(),
        headers=tuple(response.headers.items()),
        note=g.get("page_note"),
        size=2 * len(compressed),
    )


def _coding() -> str | None:
    """Return the coding in which whoever asks can read a page, or None for as it is."""
    accepted = request.accept_encodings
    return next((coding for coding in _CODINGS if accepted[coding] > 0), None)


def _body(page: KeptPage, coding: str | None) -> bytes:
    if coding is not None and coding in page.bodies:
        return page.bodies[coding]
    kept_in, compressed = next(iter(page.bodies.items()))
    body = _CODINGS[kept_in][1](compressed)
    return body if coding is None else page.bodies.setdefault(coding, _CODINGS[coding][0](body))


def _given(page: KeptPage) -> Response:
    coding = _coding()
    body = _body(page, coding)
    response = Response(body, headers=dict(page.headers))
    response.headers["Content-Length"] = str(len(body))
    if coding is not None:
        response.headers["Content-Encoding"] = coding
    response.vary.add("Accept-Encoding")
    # The same page in another coding is other bytes.
    response.set_etag(f"{page.etag}-{coding}" if coding else page.etag)
    response.make_conditional(request)
    return response
