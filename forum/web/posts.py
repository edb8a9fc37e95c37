"""Editing, deleting and bringing back questions and answers, and what they said before."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from forum.accounts.rules import Actor
from forum.core.errors import Conflict, Refused
from forum.core.i18n import gettext
from forum.drafts.queries import Draft
from forum.drafts.rules import Kind, Place, Wording
from forum.pages import edit_conflict, revisions
from forum.posts import rules
from forum.posts.actions import deleting, editing
from forum.posts.queries import texts
from forum.posts.queries.texts import CommentText, PostText
from forum.tags.rules import parse_names
from forum.web.drafting import draft_for, finish_draft
from forum.web.forms.posts import EditAnswerForm, EditQuestionForm
from forum.web.places import to_post
from forum.web.preview import preview_of
from forum.web.request_scope import forget_writes, read_afresh, read_session, signed_in, viewer, write_session
from forum.web.revision_pages import asked_below, asked_view

blueprint = Blueprint("posts", __name__)


@blueprint.route("/posts/<int:id>/edit", methods=["GET", "POST"])
def edit(id: int) -> ResponseReturnValue:
    person = signed_in()
    post = post_to_edit(person, id)
    place = Place(Kind.EDIT, id)
    draft = draft_for(place)
    form = _form_of(post, draft)
    form.decide()
    if form.wants_preview:
        return _edit_page(form, post, preview=preview_of(form.source.text))
    if form.is_sent_and_valid():
        try:
            with form.refusals():
                changes = {"source": form.source.text, "summary": form.summary.text, **_head(form)}
                based_on = form.based_on.data
                edited = editing.edit_post(write_session(), person, id, based_on=based_on, **changes)
                finish_draft(place, form)
                return to_post(edited)
        except Conflict:
            return _conflict_page(form, id)
    return _edit_page(form, post, draft=draft), form.status


@blueprint.get("/posts/<int:id>/revisions")
def history(id: int) -> ResponseReturnValue:
    page = revisions.load_of_post(read_session(), viewer(), id, view=asked_view(), below=asked_below())
    return render_template("posts/revisions.html", page=page)


@blueprint.post("/posts/<int:id>/revisions/<int:number>/rollback")
def roll_back(id: int, number: int) -> ResponseReturnValue:
    return to_post(editing.roll_back_post(write_session(), signed_in(), id, number))


@blueprint.post("/posts/<int:id>/delete")
def delete(id: int) -> ResponseReturnValue:
    return to_post(deleting.delete_post(write_session(), signed_in(), id))


@blueprint.post("/posts/<int:id>/undelete")
def undelete(id: int) -> ResponseReturnValue:
    return to_post(deleting.undelete_post(write_session(), signed_in(), id))


def post_to_edit(person: Actor, id: int) -> PostText:
    """Return the text of a post; raise NotFound or Refused unless the person may edit it."""
    post = texts.post_text(read_session(), person, id)
    rules.refuse_edit(person, author_id=post.author_id)
    if post.is_deleted:
        raise Refused("deleted", gettext("This post is deleted; bring it back first."))
    return post


def _form_of(post: PostText, draft: Draft | None) -> EditQuestionForm | EditAnswerForm:
    if post.kind == "answer":
        return EditAnswerForm.resume(draft, source=post.source, based_on=post.revision_count)
    tags = " ".join(post.tag_names)
    return EditQuestionForm.resume(
        draft, title=post.title, source=post.source, tags=tags, based_on=post.revision_count
    )


def _head(form: EditQuestionForm | EditAnswerForm) -> dict[str, Any]:
    """Return what questions have besides their text."""
    if isinstance(form, EditAnswerForm):
        return {}
    return {"title": form.title.text, "tags": parse_names(form.tags.text)}


def _edit_page(form: EditQuestionForm | EditAnswerForm, post: PostText | CommentText, **more: Any) -> str:
    return render_template("posts/edit.html", form=form, post=post, **more)


def _conflict_page(form: EditQuestionForm | EditAnswerForm, post_id: int) -> ResponseReturnValue:
    """Show what was written here joined with what was saved meanwhile, ready to be looked over and sent."""
    forget_writes()
    head = _head(form)
    mine = Wording(source=form.source.text, title=head.get("title", ""))
    conflict = edit_conflict.load_of_post(
        read_afresh(), signed_in(), post_id, mine, tags=head.get("tags", ()), based_on=form.based_on.data
    )
    form.source.data, form.based_on.data = conflict.joined.source, conflict.theirs.revision_count
    if isinstance(form, EditQuestionForm):
        form.title.data, form.tags.data = conflict.joined.title, conflict.joined.tags
    return _edit_page(form, conflict.theirs, conflict=conflict), 409
