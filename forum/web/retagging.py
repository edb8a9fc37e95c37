"""Changing nothing but the tags of a question: in their place, or on a small page without scripts."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue

from forum.core.errors import Conflict, NotFound
from forum.core.i18n import gettext
from forum.pages import edit_conflict
from forum.posts.actions import editing
from forum.posts.queries.texts import CommentText, PostText
from forum.tags.rules import parse_names
from forum.web.forms.posts import QuestionTagsForm
from forum.web.fragments import shown_tags
from forum.web.posts import post_to_edit
from forum.web.request_scope import (
    forget_writes,
    read_afresh,
    read_session,
    signed_in,
    wants_fragment,
    write_session,
)

blueprint = Blueprint("retagging", __name__)


@blueprint.route("/questions/<int:id>/tags", methods=["GET", "POST"])
def edit(id: int) -> ResponseReturnValue:
    person = signed_in()
    question = post_to_edit(person, id)
    if question.kind != "question":
        raise NotFound(gettext("There is no such question, or it was deleted."))
    form = QuestionTagsForm.open(tags=" ".join(question.tag_names), based_on=question.revision_count)
    if form.is_sent_and_valid():
        try:
            with form.refusals():
                names, based_on = parse_names(form.tags.text), form.based_on.data
                editing.edit_post(write_session(), person, id, tags=names, based_on=based_on)
                # Through the transaction that changed them: nobody else could see the change yet.
                return shown_tags(write_session(), id)
        except Conflict:
            return _joined(form, id)
    return _shown(form, question, status=form.status)


@blueprint.get("/questions/<int:id>/tags/saved")
def saved(id: int) -> ResponseReturnValue:
    """Show the tags as they are, to a script that gives their change up; lead everybody else to them."""
    return shown_tags(read_session(), post_to_edit(signed_in(), id).id)


def _joined(form: QuestionTagsForm, question_id: int) -> ResponseReturnValue:
    """Show the tags that were typed here joined with those saved meanwhile, to be looked over and sent."""
    forget_writes()
    names = parse_names(form.tags.text)
    conflict = edit_conflict.load_of_tags(
        read_afresh(), signed_in(), question_id, names, based_on=form.based_on.data
    )
    form.tags.data, form.based_on.data = conflict.joined.tags, conflict.theirs.revision_count
    return _shown(form, conflict.theirs, status=409, conflict=conflict)


def _shown(form: QuestionTagsForm, question: PostText | CommentText, *, status: int, **more: Any) -> Response:
    if not wants_fragment():
        page = render_template("questions/edit_tags.html", form=form, question=question, **more)
        return make_response(page, status)
    part = render_template("questions/_edit_tags.html", form=form, question=question, in_place=True, **more)
    response = make_response(part, status)
    # A refusal with the form in it takes the form's place, see swaps.js.
    response.headers["HX-Reswap"] = "outerHTML"
    return response
