"""Closing questions as duplicates or for another reason, and opening them again."""

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.rules import Actor
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.pages import similar
from forum.pages.similar import SimilarThread
from forum.posts import rules
from forum.posts.actions import Posted, closing
from forum.posts.queries.question import Question, question
from forum.search.engine import SearchUnavailable
from forum.web.forms.closing import CloseForm
from forum.web.places import to_post
from forum.web.request_scope import engine, read_session, settings, signed_in, write_session

blueprint = Blueprint("closing", __name__)


@blueprint.route("/questions/<int:id>/close", methods=["GET", "POST"])
def close(id: int) -> ResponseReturnValue:
    person = signed_in()
    rules.refuse_close(person)
    form = CloseForm.open()
    if form.is_sent_and_valid():
        with form.refusals():
            closed = _closed(person, id, form)
            flash(gettext("The question is closed. It takes no new answers."), "success")
            return to_post(closed)
    asked = question(read_session(), id, person)
    if asked is None:
        raise NotFound(gettext("There is no such question, or it was deleted."))
    page = render_template(
        "closing/close.html",
        form=form,
        question=asked,
        reasons=rules.CLOSE_REASONS,
        threads=_earlier(asked),
    )
    return page, form.status


@blueprint.post("/questions/<int:id>/reopen")
def reopen(id: int) -> ResponseReturnValue:
    opened = closing.reopen(write_session(), signed_in(), id)
    flash(gettext("The question is open again."), "success")
    return to_post(opened)


def _closed(person: Actor, id: int, form: CloseForm) -> Posted:
    reason = form.reason.data or ""
    if reason != rules.DUPLICATE:
        return closing.close(write_session(), person, id, reason=reason)
    original = form.original(sites=(settings().address, request.host_url.rstrip("/")))
    return closing.close_as_duplicate(write_session(), person, id, of=original)


def _earlier(asked: Question) -> tuple[SimilarThread, ...] | None:
    """Return what the question may repeat, or None without an index: a link can be pasted all the same."""
    try:
        return similar.repeated_by(read_session(), engine(), asked)
    except SearchUnavailable:
        return None
