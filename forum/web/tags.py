"""The list of tags, and the page of one."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.rules import Privilege
from forum.pages import question_list
from forum.posts.queries.lists import Order
from forum.tags import queries
from forum.tags.queries import TagOrder
from forum.tags.rules import LISTED_FROM, tag_path
from forum.web.choices import chosen, chosen_list
from forum.web.page_offers import kept_for_visitors
from forum.web.printing import printed
from forum.web.request_scope import read_session, viewer

blueprint = Blueprint("tags", __name__)

SEARCH_LENGTH = 60
"""No tag has a longer name."""


@blueprint.get("/tags")
@kept_for_visitors()
def index() -> ResponseReturnValue:
    order = chosen("sort", TagOrder.POPULAR)
    search = request.args.get("q", "").strip()[:SEARCH_LENGTH]
    cursor = queries.cursor_of(request.args.get("at"), order=order)
    page = queries.tags(read_session(), order, cursor, search=search)
    return render_template("tags/index.html", page=page, order=order, search=search)


@blueprint.get("/tags/<name>")
@kept_for_visitors()
def show(name: str) -> ResponseReturnValue:
    order = chosen("sort", Order.ACTIVE)
    page = question_list.load_tag(read_session(), name, order, request.args.get("at"))
    if isinstance(page, str):
        return redirect(tag_path(page), 301)
    person = viewer()
    may_edit = person is not None and person.has(Privilege.EDIT_TAGS)
    is_listed = page.tag.question_count >= LISTED_FROM
    shown = {"page": page, "order": order, "may_edit": may_edit, "is_listed": is_listed, **chosen_list()}
    return printed("tags/show.html", shown)
