"""Searching, and what is offered while somebody types a search."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.core import clock
from forum.core.i18n import gettext
from forum.pages import search_results, search_suggestions
from forum.pages.search_suggestions import Suggestions
from forum.search.engine import SearchUnavailable, Sort
from forum.search.narrowing import Reader, with_filter
from forum.tags.rules import tag_path
from forum.web.choices import chosen_page
from forum.web.filters import user_path
from forum.web.looks import Look
from forum.web.page_offers import kept_for_visitors, leave_note
from forum.web.request_scope import engine, read_session, viewer

blueprint = Blueprint("search", __name__)

_SORTS = {sort.value: sort for sort in Sort}
_RETRY_SECONDS = 30
"""When to try again while the index is missing; building it for a small site takes about as long."""
_SUGGESTED = {"Cache-Control": "private, max-age=60"}
"""Suggestions are the same for everybody, but what somebody types is no business of a shared cache."""


@blueprint.get("/search")
@kept_for_visitors(seen=Look.at_results)
def index() -> ResponseReturnValue:
    text = request.args.get("q", "")
    if "within" in request.args:
        return redirect(url_for("search.index", q=_within(request.args["within"], text)))
    sort = _SORTS.get(request.args.get("sort", ""))
    number = chosen_page()
    try:
        page = search_results.load(
            read_session(), engine(), text, viewer=viewer(), sort=sort, page=number, with_facets=True
        )
    except SearchUnavailable as error:
        shown = render_template("search/unavailable.html", search_text=text, reason=gettext(error.message))
        return shown, 503, {"Retry-After": str(_RETRY_SECONDS)}
    # Later pages are no searches of their own.
    if number == 1:
        leave_note(typed=text, total=page.total, relaxed=page.relaxed)
    return render_template("search/index.html", page=page, search_text=text)


@blueprint.get("/search/suggestions")
def suggestions() -> ResponseReturnValue:
    """Return as JSON what fits a search that is being typed."""
    return _facts(search_suggestions.load(read_session(), engine(), request.args.get("q", ""))), _SUGGESTED


def _within(operator: str, text: str) -> str:
    """Return the search for a text in a tag or in somebody's posts, written out."""
    person = viewer()
    return with_filter(text, operator, Reader(person.id if person else None, clock.now()))


def _facts(found: Suggestions) -> dict[str, list[dict[str, Any]]]:
    return {
        "questions": [
            {"title": question.title, "url": question.path, "solved": question.is_solved}
            for question in found.questions
        ],
        "tags": [
            {"name": tag.name, "url": tag_path(tag.name), "count": tag.question_count} for tag in found.tags
        ],
        "users": [{"name": person.name, "url": user_path(person.id, person.name)} for person in found.people],
    }
