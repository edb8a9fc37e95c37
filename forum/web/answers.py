"""Answering questions, accepting the answer that helped, and saying which one no longer works."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.drafts.rules import Kind, Place
from forum.posts.actions import accepting, answering, outdating
from forum.posts.queries import texts
from forum.posts.queries.question import place_of_answer
from forum.web.drafting import finish_draft
from forum.web.forms.posts import AnswerForm
from forum.web.fragments import shown_acceptance, shown_outdated
from forum.web.places import to_post
from forum.web.preview import preview_of
from forum.web.request_scope import limits, read_session, save, signed_in, viewer, write_session

blueprint = Blueprint("answers", __name__)

_OUTDATED_MARKS = "30 per hour"
"""Nobody tries so many answers in an hour; two accounts that mark a whole site soon stop."""


@blueprint.post("/questions/<int:id>/answers")
def create(id: int) -> ResponseReturnValue:
    person = signed_in()
    form = AnswerForm.open()
    preview = preview_of(form.source.text) if form.wants_preview else None
    if preview is None and form.validate():
        with form.refusals():
            source, submission = form.source.text, form.submission.number
            posted = answering.answer(write_session(), person, id, source=source, submission=submission)
            finish_draft(Place(Kind.ANSWER, id), form)
            save()
            return to_post(posted)
    question = texts.post_text(read_session(), person, id)
    page = render_template("answers/answer.html", form=form, question=question, preview=preview)
    return page, 200 if preview else 422


@blueprint.get("/answers/<int:id>")
def show(id: int) -> ResponseReturnValue:
    """Lead to the answer, or to a comment on it, on the page of its question."""
    place = place_of_answer(read_session(), id, viewer())
    if place is None:
        raise NotFound(gettext("There is no such answer, or it was deleted."))
    comment_id = request.args.get("comment", type=int)
    anchor = f"answer-{id}" if comment_id is None else f"comment-{comment_id}"
    page = place.page if place.page > 1 else None
    return redirect(
        url_for("questions.show", id=place.question_id, slug=place.slug, page=page, _anchor=anchor)
    )


@blueprint.post("/answers/<int:id>/accept")
def accept(id: int) -> ResponseReturnValue:
    return shown_acceptance(accepting.accept(write_session(), signed_in(), id))


@blueprint.post("/answers/<int:id>/unaccept")
def unaccept(id: int) -> ResponseReturnValue:
    return shown_acceptance(accepting.unaccept(write_session(), signed_in(), id))


@blueprint.post("/answers/<int:id>/outdated")
def mark_outdated(id: int) -> ResponseReturnValue:
    person = signed_in()
    message = gettext("You have said this of many answers within an hour. Go on a little later.")
    limits().count(_OUTDATED_MARKS, "outdated", str(person.id), message=message)
    return shown_outdated(outdating.mark_outdated(write_session(), person, id))


@blueprint.post("/answers/<int:id>/not-outdated")
def unmark_outdated(id: int) -> ResponseReturnValue:
    person = signed_in()
    return shown_outdated(outdating.unmark_outdated(write_session(), person, id))
