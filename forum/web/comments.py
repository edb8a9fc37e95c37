"""Comments: writing, changing and deleting them, and what they said before."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forum.core.errors import Conflict, Refused
from forum.core.text_diff import inline
from forum.pages import revisions
from forum.posts import rules
from forum.posts.actions import commenting
from forum.posts.queries import texts
from forum.web.forms.posts import CommentForm, EditCommentForm
from forum.web.fragments import shown_comments
from forum.web.places import to_comment
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
            return shown_comments(
                commenting.comment(write_session(), person, id, source=source, submission=submission)
            )
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
        raise Refused("deleted", "This comment is deleted; bring it back first.")
    form = EditCommentForm.open(source=comment.source, based_on=comment.revision_count)
    if form.is_sent_and_valid():
        try:
            with form.refusals():
                source, based_on = form.source.text, form.based_on.data
                return to_comment(
                    commenting.edit_comment(write_session(), person, id, source=source, based_on=based_on)
                )
        except Conflict:
            return _conflict_page(form, id)
    return render_template("comments/edit.html", form=form, comment=comment), form.status


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


def _conflict_page(form: EditCommentForm, comment_id: int) -> ResponseReturnValue:
    """Show both texts: the one that was written here, ready to be sent again, and the one that came first."""
    forget_writes()
    theirs = texts.comment_text(read_afresh(), signed_in(), comment_id)
    form.based_on.data = theirs.revision_count
    changes = inline(theirs.source, form.source.text)
    page = render_template("comments/edit.html", form=form, comment=theirs, theirs=theirs, changes=changes)
    return page, 409
