"""Comments: writing, changing and deleting them, and what they said before."""

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from forum.core.errors import Conflict, Refused
from forum.core.i18n import gettext
from forum.drafts.queries import Draft
from forum.drafts.rules import Kind, Place, Wording
from forum.pages import edit_conflict, revisions
from forum.posts import rules
from forum.posts.actions import commenting
from forum.posts.queries import texts
from forum.posts.queries.texts import CommentText
from forum.web.drafting import draft_for, finish_draft
from forum.web.forms.posts import CommentForm, EditCommentForm
from forum.web.fragments import comments_of, shown_comments
from forum.web.places import post_address, to_comment
from forum.web.request_scope import (
    forget_writes,
    read_afresh,
    read_session,
    signed_in,
    viewer,
    wants_fragment,
    write_session,
)
from forum.web.revision_pages import asked_below, asked_view

blueprint = Blueprint("comments", __name__)


@blueprint.post("/posts/<int:id>/comments")
def create(id: int) -> ResponseReturnValue:
    person = signed_in()
    form = CommentForm.open()
    if form.validate():
        with form.refusals():
            source, submission = form.source.text, form.submission.number
            commented = commenting.comment(write_session(), person, id, source=source, submission=submission)
            finish_draft(Place(Kind.COMMENT, id), form)
            return shown_comments(commented)
    if wants_fragment():
        return render_template("errors/_message.html", message=form.first_error), 422
    post = texts.post_text(read_session(), person, id)
    return render_template("comments/comment.html", form=form, post=post), 422


@blueprint.route("/comments/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> ResponseReturnValue:
    person = signed_in()
    comment = texts.comment_text(read_session(), person, id)
    rules.refuse_comment_change(person, author_id=comment.author_id)
    if comment.is_deleted:
        raise Refused("deleted", gettext("This comment is deleted; bring it back first."))
    place = Place(Kind.COMMENT_EDIT, id)
    draft = draft_for(place)
    form = EditCommentForm.resume(draft, source=comment.source, based_on=comment.revision_count)
    form.decide()
    if form.is_sent_and_valid():
        try:
            with form.refusals():
                source, based_on = form.source.text, form.based_on.data
                edited = commenting.edit_comment(
                    write_session(), person, id, source=source, based_on=based_on
                )
                finish_draft(place, form)
                return shown_comments(edited)
        except Conflict:
            return _joined(form, id)
    if wants_fragment():
        return _edit_part(form, comment, draft)
    return render_template("comments/edit.html", form=form, comment=comment, draft=draft), form.status


@blueprint.get("/comments/<int:id>")
def show(id: int) -> ResponseReturnValue:
    """Lead to the comment in its place, or show that place to a script."""
    comment = texts.comment_text(read_session(), viewer(), id)
    if wants_fragment():
        return comments_of(read_session(), comment.post_id)
    return redirect(post_address(comment.post_id, question_id=comment.question_id, comment_id=id))


@blueprint.get("/comments/<int:id>/revisions")
def history(id: int) -> ResponseReturnValue:
    page = revisions.load_of_comment(read_session(), viewer(), id, view=asked_view(), below=asked_below())
    return render_template("comments/revisions.html", page=page)


@blueprint.post("/comments/<int:id>/revisions/<int:number>/rollback")
def roll_back(id: int, number: int) -> ResponseReturnValue:
    return to_comment(commenting.roll_back_comment(write_session(), signed_in(), id, number))


@blueprint.post("/comments/<int:id>/delete")
def delete(id: int) -> ResponseReturnValue:
    return shown_comments(commenting.delete_comment(write_session(), signed_in(), id))


@blueprint.post("/comments/<int:id>/undelete")
def undelete(id: int) -> ResponseReturnValue:
    return shown_comments(commenting.undelete_comment(write_session(), signed_in(), id))


def _edit_part(form: EditCommentForm, comment: CommentText, draft: Draft | None) -> ResponseReturnValue:
    if form.is_sent:
        return render_template("errors/_message.html", message=form.first_error), form.status
    return render_template("comments/_edit.html", form=form, comment=comment, draft=draft)


def _joined(form: EditCommentForm, comment_id: int) -> ResponseReturnValue:
    """Show what was written here joined with what was saved meanwhile, ready to be looked over and sent."""
    forget_writes()
    mine = Wording(source=form.source.text)
    conflict = edit_conflict.load_of_comment(
        read_afresh(), signed_in(), comment_id, mine, based_on=form.based_on.data
    )
    form.source.data, form.based_on.data = conflict.joined.source, conflict.theirs.revision_count
    in_place = wants_fragment()
    page = "comments/_edit.html" if in_place else "comments/edit.html"
    response = make_response(
        render_template(page, form=form, comment=conflict.theirs, conflict=conflict), 409
    )
    if in_place:
        # A refusal with the form in it takes the form's place, see swaps.js.
        response.headers["HX-Reswap"] = "outerHTML"
        response.headers["HX-Retarget"] = f"#comment-{comment_id}"
    return response
