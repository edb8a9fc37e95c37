"""Pages for visitors, made once and given to everybody until something that they show has changed.

A kept page is given out before Flask is asked, as long as the version of what pages show is the one of the
snapshot that the page was made from (see `forum.core.page_version`), and for `LONGEST` seconds at most: it
tells how long ago things were, and how often they were looked at. Whoever may have signed in, and whoever is
to be told something, has a session in a cookie, and gets a page of their own, which is never kept.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_cookie, parse_etags
from werkzeug.wsgi import ClosingIterator

from forum.core.kept import Kept
from forum.core.readiness import State
from forum.web import languages, request_log
from forum.web.choice_cookies import keys_of, theme_of
from forum.web.codings import CODINGS, coding_for
from forum.web.looks import Look, visitor_at
from forum.web.middleware import put_before
from forum.web.page_offers import OFFER, Offer
from forum.web.request_scope import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST = 60.0
"""Seconds for which a page is kept at most; times on pages are told to the minute."""
MOST_BYTES = 6 * 1024 * 1024
"""How much each process keeps, compressed; some 800 pages, more than are read over and over in a minute."""
_OF_ONE_ANSWER = frozenset({"content-encoding", "content-length", "etag", request_log.HEADER.lower()})
"""Headers that are not kept with a page: they belong to a coding or to a request."""
_OF_CONTENT = ("Content-Encoding", "Content-Length", "Content-Type", "Content-Language")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it is given out, and what it depends on."""

    offer: Offer
    until: float
    headers: list[tuple[str, str]]
    bodies: dict[str | None, bytes]
    """The page in each coding that somebody has asked for; None for as it is."""

    def body(self, coding: str | None) -> bytes:
        """Return the page in a coding."""
        if coding not in self.bodies:
            known, body = next(iter(self.bodies.items()))
            plain = body if known is None else CODINGS[known][1](body)
            if coding is None:
                return plain
            self.bodies[coding] = CODINGS[coding][0](plain)
        return self.bodies[coding]


class PageCache:
    """The kept pages of a process, in front of the application."""

    def __init__(self, inner: "WSGIApplication", site: Site, *, session_cookie: str) -> None:
        self._inner = inner
        self._site = site
        self._session_cookie = session_cookie
        self.pages = Kept[KeptPage](most_bytes=MOST_BYTES)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request by a kept page or let the application do so, and keep what it offers."""
        began_at = time.perf_counter()
        key = self._key(environ)
        if key is None:
            return self._inner(environ, start_response)
        page = self.pages.get(key)
        if page is None or not self._is_true(page):
            return self._asked(key, environ, start_response)
        if page.offer.seen is not None:
            page.offer.seen(Look(self._site.activity, visitor_at(environ), environ))
        return self._given(page, environ, start_response, began_at)

    def _key(self, environ: "WSGIEnvironment") -> Hashable | None:
        """Return all that a page depends on besides the database; None if it may be for one person alone."""
        cookies, is_get = environ.get("HTTP_COOKIE", ""), environ["REQUEST_METHOD"] == "GET"
        if not is_get or self._session_cookie in cookies or "HTTP_HX_REQUEST" in environ:
            return None
        chosen = parse_cookie(cookies)
        accepted = environ.get("HTTP_ACCEPT_LANGUAGE", "")
        language = languages.spoken_to(
            chosen.get(languages.COOKIE), accepted, default=self._site.settings.language
        )
        place = environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")
        return *place, language, theme_of(chosen), keys_of(chosen)

    def _is_true(self, page: KeptPage) -> bool:
        """Tell whether a page is what would be made now."""
        if page.until < time.monotonic() or self._site.readiness.state() is not State.READY:
            return False
        if self._site.maintenance.text() is not None:
            return False
        try:
            return page.offer.version == self._site.database.page_version()
        except SQLAlchemyError:
            # The application has a page for that.
            return False

    def _asked(
        self, key: Hashable, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        answer: list[Any] = []

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            answer[:] = [status, headers]
            return start_response(status, headers, exc_info)

        pieces = self._inner(environ, start)
        offer = environ.get(OFFER)
        if offer is None or not answer or answer[0] != "200 OK":
            return pieces
        body = b"".join(pieces)
        named = [(name.lower(), name, value) for name, value in answer[1]]
        coding = next((value for known, _, value in named if known == "content-encoding"), None)
        if not any(known == "set-cookie" for known, _, _ in named):
            kept = [(name, value) for known, name, value in named if known not in _OF_ONE_ANSWER]
            page = KeptPage(offer, time.monotonic() + LONGEST, kept, {coding: body})
            # A second coding, if somebody asks for one, is about as long.
            self.pages.keep(key, page, size=2 * len(body))
        close = getattr(pieces, "close", None)
        return ClosingIterator([body], close) if close else [body]

    def _given(
        self,
        page: KeptPage,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        began_at: float,
    ) -> Iterator[bytes] | list[bytes]:
        coding = coding_for(environ.get("HTTP_ACCEPT_ENCODING", ""))
        body = page.body(coding)
        tag = f"{page.offer.tag}-{coding}" if coding else page.offer.tag
        is_known = "HTTP_IF_NONE_MATCH" in environ and parse_etags(
            environ["HTTP_IF_NONE_MATCH"]
        ).contains_weak(tag)
        request_id = request_log.id_for(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [*page.headers, ("ETag", f'"{tag}"'), (request_log.HEADER, request_id)]
        if is_known:
            headers = [(name, value) for name, value in headers if name not in _OF_CONTENT]
            body = b""
        else:
            headers.append(("Content-Length", str(len(body))))
            if coding is not None:
                headers.append(("Content-Encoding", coding))
        status = "304 NOT MODIFIED" if is_known else "200 OK"
        request_log.write(environ, int(status[:3]), began_at=began_at, request_id=request_id)
        start_response(status, headers)
        return [body] if body else []


def install(app: Flask, site: Site) -> None:
    """Put the kept pages in front of the app."""

    def before(inner: "WSGIApplication") -> PageCache:
        cache = PageCache(inner, site, session_cookie=app.config["SESSION_COOKIE_NAME"])
        app.extensions["page-cache"] = cache
        return cache

    put_before(app, before)
