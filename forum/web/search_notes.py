"""Noting what is searched for and whether it helped, in one line of the views that search and show."""

from urllib.parse import parse_qs, urlsplit

from flask import request, url_for

from forum.web.request_scope import activity, viewer

MOST_FIELDS = 100
"""Parts of an address that are looked at; addresses of ours have few, and anybody can send others."""


def visitor_key() -> str:
    """Return what tells visitors apart for a short while; it stays in memory."""
    person = viewer()
    return f"user {person.id}" if person else f"address {request.remote_addr}"


def note_search(typed: str, *, total: int, relaxed: bool, page: int = 1) -> None:
    """Count the search that this request makes; `total` is how many results there are.

    Later pages, searches for nothing and pages that a browser fetches beforehand are no searches.
    """
    if request.method == "GET" and page == 1 and typed.strip() and not is_fetched_beforehand():
        activity().note_search(typed, visitor=visitor_key(), results=total, relaxed=relaxed)


def note_opened(*, is_solved: bool) -> None:
    """Count that this request opens a question from the results of a search, if it does."""
    typed = _search_before()
    if request.method == "GET" and typed and not is_fetched_beforehand():
        activity().note_opened(typed, visitor=visitor_key(), is_solved=is_solved)


def _search_before() -> str:
    """Return the text of the search on this site whose results the request comes from, or nothing."""
    try:
        before = urlsplit(request.referrer or "")
        if before.netloc != request.host or before.path != url_for("search.index"):
            return ""
        return parse_qs(before.query, max_num_fields=MOST_FIELDS).get("q", [""])[0]
    except ValueError:
        return ""


def is_fetched_beforehand() -> bool:
    """Tell whether a browser fetches the page in case somebody opens it."""
    return "prefetch" in request.headers.get("Sec-Purpose", "")
