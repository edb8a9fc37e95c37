"""Searching this site from the address bar of a browser, by OpenSearch (the description, not the engine)."""

from flask import Blueprint, Response, json, render_template, request

from forum.core.i18n import gettext
from forum.pages import search_suggestions
from forum.web.languages import in_site_language
from forum.web.request_scope import engine, read_session, settings

blueprint = Blueprint("browser_search", __name__)

_SHORT_NAME = 16
_LONG_NAME = 48
"""Characters of the names, by the specification (OpenSearch 1.1, draft 6)."""
_SECONDS = 86_400


@blueprint.get("/opensearch.xml")
@in_site_language()
def describe() -> Response:
    name = settings().site_name
    text = render_template(
        "search/opensearch.xml",
        address=settings().address,
        short=name[:_SHORT_NAME],
        long=name[:_LONG_NAME],
        description=gettext("Questions and answers at %(site)s", site=name),
    )
    response = Response(text, content_type="application/opensearchdescription+xml; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    return response


@blueprint.get("/search/completions")
def complete() -> Response:
    """Return what was typed, then titles, notes and addresses of questions that fit."""
    typed = request.args.get("q", "")
    found = search_suggestions.load(read_session(), engine(), typed).questions
    site = settings().address
    facts = [
        typed,
        [question.title for question in found],
        [gettext("solved") if question.is_solved else "" for question in found],
        [site + question.path for question in found],
    ]
    response = Response(json.dumps(facts), mimetype="application/x-suggestions+json")
    response.headers["Cache-Control"] = "private, max-age=60"
    return response
