"""The list of people with the leaderboards, and the page of a person."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.queries import PeopleOrder
from forum.accounts.rules import NAME_LENGTH
from forum.core.markup.mentions import mention_of
from forum.pages import people, person
from forum.pages.people import Period
from forum.pages.person import Tab
from forum.posts.queries.authors import AuthoredOrder
from forum.web.choices import chosen
from forum.web.filters import user_path
from forum.web.request_scope import read_session, viewer

blueprint = Blueprint("users", __name__)

_OFFERED = 8
"""How many people completion offers."""
_COMPLETED = {"Cache-Control": "private, max-age=60"}
"""What somebody types is no business of a shared cache."""


@blueprint.get("/users")
def index() -> ResponseReturnValue:
    period = chosen("period", Period.ALL)
    if period is not Period.ALL:
        leaders = people.leaders(read_session(), period)
        return render_template("users/leaders.html", leaders=leaders, period=period)
    order = chosen("sort", PeopleOrder.REPUTATION)
    search = request.args.get("q", "").strip()[: NAME_LENGTH[1]]
    page = people.listed(read_session(), order, request.args.get("at"), search=search)
    return render_template("users/index.html", page=page, order=order, search=search, period=period)


@blueprint.get("/users/complete")
def complete() -> ResponseReturnValue:
    """Return as JSON whom somebody may want to mention: people of the thread first, then all others."""
    beginning = request.args.get("q", "").strip()[: NAME_LENGTH[1]]
    thread_id = request.args.get("question", type=int)
    offers = people.to_mention(read_session(), beginning, thread_id=thread_id, limit=_OFFERED)
    return [{"name": person.name, "mention": mention_of(person.name)} for person in offers], _COMPLETED


@blueprint.get("/users/<int:id>", defaults={"slug": None})
@blueprint.get("/users/<int:id>/<slug>")
def show(id: int, slug: str | None) -> ResponseReturnValue:
    tab, order = chosen("tab", Tab.SUMMARY), chosen("sort", AuthoredOrder.SCORE)
    page = person.load(read_session(), viewer(), id, tab, order=order, at=request.args.get("at"))
    path = user_path(id, page.profile.name)
    if slug is None or path != f"/users/{id}/{slug}":
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        return redirect(path + query, 301)
    return render_template("users/show.html", page=page)
