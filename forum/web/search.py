"""Searching."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.pages import search_results
from forum.search.engine import SearchUnavailable, Sort
from forum.web.choices import chosen_page
from forum.web.request_scope import engine, read_session, viewer
from forum.web.search_notes import note_search

blueprint = Blueprint("search", __name__)

_SORTS = {sort.value: sort for sort in Sort}
_RETRY_SECONDS = 30
"""When to try again while the index is missing; building it for a small site takes about as long."""


@blueprint.get("/search")
def index() -> ResponseReturnValue:
    text = request.args.get("q", "")
    sort = _SORTS.get(request.args.get("sort", ""))
    number = chosen_page()
    try:
        page = search_results.load(read_session(), engine(), text, viewer=viewer(), sort=sort, page=number)
    except SearchUnavailable as error:
        shown = render_template("search/unavailable.html", search_text=text, reason=error.message)
        return shown, 503, {"Retry-After": str(_RETRY_SECONDS)}
    note_search(text, total=page.total, relaxed=page.relaxed, page=number)
    return render_template("search/index.html", page=page, search_text=text)
