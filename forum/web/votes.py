"""Voting on questions, answers and comments."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from forum.core.errors import Invalid
from forum.core.i18n import gettext
from forum.votes import actions as votes
from forum.web.fragments import shown_comment_vote, shown_vote
from forum.web.request_scope import save, signed_in, write_session

blueprint = Blueprint("votes", __name__)

_VALUES = {"1": 1, "0": 0, "-1": -1}
_USEFUL = {"1": True, "0": False}


@blueprint.post("/posts/<int:id>/vote")
def cast(id: int) -> ResponseReturnValue:
    person = signed_in()
    value = _VALUES.get(request.form.get("value", ""))
    if value is None:
        raise Invalid("value", gettext("A vote is 1, -1 or 0."))
    voted = votes.cast(write_session(), person, id, value)
    save()
    return shown_vote(voted)


@blueprint.post("/comments/<int:id>/vote")
def cast_on_comment(id: int) -> ResponseReturnValue:
    person = signed_in()
    useful = _USEFUL.get(request.form.get("useful", ""))
    if useful is None:
        raise Invalid("useful", gettext("A vote on a comment is 1 or 0."))
    voted = votes.cast_on_comment(write_session(), person, id, useful)
    save()
    return shown_comment_vote(voted)
