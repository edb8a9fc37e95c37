"""Following questions, and the list of those that one follows."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.core.errors import Invalid
from forum.pages import following as pages
from forum.posts.actions import following
from forum.web.fragments import shown_follow
from forum.web.request_scope import activity, read_session, signed_in, write_session

blueprint = Blueprint("follows", __name__)

_ACTIONS = {"1": following.follow, "0": following.unfollow}


@blueprint.get("/following")
def index() -> ResponseReturnValue:
    person = signed_in()
    seen = activity().seen_by(person.id)
    page = pages.load(read_session(), person, request.args.get("at"), seen=seen)
    return render_template("follows/index.html", page=page)


@blueprint.post("/questions/<int:id>/follow")
def follow(id: int) -> ResponseReturnValue:
    person = signed_in()
    action = _ACTIONS.get(request.form.get("on", ""))
    if action is None:
        raise Invalid("on", "Following is 1, and following no more is 0.")
    return shown_follow(action(write_session(), person, id))
