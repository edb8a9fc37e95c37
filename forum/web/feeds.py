"""Atom feeds of everything that is a list."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.pages import feeds
from forum.posts.queries.lists import Order, Unanswered
from forum.search.engine import SearchUnavailable
from forum.tags.rules import tag_path
from forum.web.atom import atom
from forum.web.choices import chosen
from forum.web.languages import in_site_language
from forum.web.request_scope import engine, read_session

blueprint = Blueprint("feeds", __name__, url_prefix="/feeds")

_RETRY_SECONDS = 300
"""When a reader asks again while there is no index; readers come every few minutes anyway."""


@blueprint.get("/questions")
@in_site_language()
def questions() -> ResponseReturnValue:
    return atom(feeds.questions(read_session(), chosen("sort", Order.NEWEST)))


@blueprint.get("/unanswered")
@in_site_language()
def unanswered() -> ResponseReturnValue:
    return atom(feeds.unanswered(read_session(), chosen("kind", Unanswered.NONE)))


@blueprint.get("/questions/<int:id>")
@in_site_language()
def thread(id: int) -> ResponseReturnValue:
    return atom(feeds.thread(read_session(), id))


@blueprint.get("/tags/<name>")
@in_site_language()
def tag(name: str) -> ResponseReturnValue:
    return atom(feeds.tag(read_session(), name, chosen("sort", Order.NEWEST), tag_path(name)))


@blueprint.get("/users/<int:id>/<kind>")
@in_site_language()
def person(id: int, kind: str) -> ResponseReturnValue:
    if kind == "questions":
        return atom(feeds.questions_of(read_session(), id))
    if kind == "answers":
        return atom(feeds.answers_of(read_session(), id))
    raise NotFound(gettext("There are two feeds of a person: questions and answers."))


@blueprint.get("/search")
@in_site_language()
def search() -> ResponseReturnValue:
    text = request.args.get("q", "")
    try:
        return atom(feeds.search(read_session(), engine(), text, url_for("search.index", q=text)))
    except SearchUnavailable as error:
        return (
            f"{gettext(error.message)}\n",
            503,
            {"Content-Type": "text/plain", "Retry-After": str(_RETRY_SECONDS)},
        )
