"""Views whose pages are the same for all visitors offer them to be kept (see `forum.web.page_cache`)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from flask import Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from werkzeug.http import generate_etag

from forum.core import page_version
from forum.web.codings import compress
from forum.web.looks import Look, visitor_at
from forum.web.request_scope import activity, read_session, viewer, wants_fragment

OFFER = "askwell.page"
"""Where an offer stands in the environment of a request."""

View = Callable[..., ResponseReturnValue]
Seen = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Offer:
    """A page that can be given to every visitor as long as the version is this one."""

    version: int
    tag: str
    """Tells the page, as it is before any coding, from others of the same address."""
    seen: Callable[[Look], None] | None
    """Counts a look at it."""


def kept_for_visitors(*, seen: Seen | None = None) -> Callable[[View], View]:
    """Let the page of a view be kept for visitors.

    `seen` is called whenever the page is given to somebody, with the look and what the view has left for it
    by `leave_note`; nothing is counted where the view has left nothing.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(**arguments: Any) -> ResponseReturnValue:
            make = _offered if _is_for_everybody() else _personal
            response = make(view, arguments, seen)
            counting = _counting(seen) if request.method == "GET" else None
            if counting is not None and response.status_code in {200, 304}:
                person = viewer()
                visitor = f"user {person.id}" if person else visitor_at(request.environ)
                counting(Look(activity(), visitor, request.environ))
            return response

        return answer

    return decorate


def leave_note(**note: Any) -> None:
    """Leave for `seen` what the view knows of its page."""
    g.page_note = note


def _is_for_everybody() -> bool:
    """Tell whether nothing of the page is for the one who asks alone."""
    return viewer() is None and "_flashes" not in session and not wants_fragment()


def _offered(view: View, arguments: dict[str, Any], seen: Seen | None) -> Response:
    version = page_version.current(read_session())
    response = _made(view, arguments)
    if response.status_code != 200 or session.modified:
        return response
    # Of the page as it is, so that the same one has the same tag in each process.
    tag = response.get_etag()[0] or generate_etag(response.get_data())
    coding = compress(response, request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    # The same page in another coding is other bytes.
    response.set_etag(f"{tag}-{coding}" if coding else tag)
    request.environ[OFFER] = Offer(version, tag, _counting(seen))
    if request.if_none_match:
        response.make_conditional(request)
    return response


def _personal(view: View, arguments: dict[str, Any], _seen: Seen | None) -> Response:
    response = _made(view, arguments)
    if response.status_code == 200:
        compress(response, request.environ.get("HTTP_ACCEPT_ENCODING", ""))
    return response


def _made(view: View, arguments: dict[str, Any]) -> Response:
    return current_app.make_response(view(**arguments))


def _counting(seen: Seen | None) -> Callable[[Look], None] | None:
    note = g.get("page_note")
    return partial(seen, **note) if seen is not None and note is not None else None
