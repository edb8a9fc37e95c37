"""Threads about the same as a question that is being written, and what its writer says about them."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.pages import similar
from forum.pages.similar import SimilarThread
from forum.search.engine import SearchUnavailable
from forum.searches.actions import note_outcome
from forum.searches.rules import Outcome
from forum.web.drafting import NEW_QUESTION, finish_draft
from forum.web.forms.posts import AskForm
from forum.web.forms.similar import row_id, tags_so_far
from forum.web.request_scope import (
    engine,
    read_session,
    settings,
    signed_in,
    wants_fragment,
    write_session,
)

blueprint = Blueprint("similar", __name__)

_RETRY_SECONDS = 30
"""When a program may ask again that found no usable index."""

# It is the same for everybody, so nobody has to find out who is looking to tell how it may be kept.
_HEADERS = {"Vary": "Accept", "Cache-Control": "no-cache"}


@blueprint.get("/similar")
def index() -> ResponseReturnValue:
    """Show solved threads that are like a title: as a part of a page, or as JSON to those who accept it."""
    title, tags = (request.args.get(name, "") for name in ("title", "tags"))
    if _wants_json():
        return _as_json(title, tags)
    query = similar.asked(title, tags=tags_so_far(tags), is_unfinished=True)
    return _part(similar.load(read_session(), engine(), query)), _HEADERS


@blueprint.post("/similar")
def of_text() -> ResponseReturnValue:
    """Show them for a title with a text, which may be too long for an address; nothing is written."""
    signed_in()
    form = AskForm.open()
    query = similar.asked(form.title.text, form.source.text, tags_so_far(form.tags.text))
    return _part(similar.load(read_session(), engine(), query))


@blueprint.post("/similar/solved")
def solved() -> ResponseReturnValue:
    """Note that a thread solved it, and lead to its answer."""
    signed_in()
    thread_id = row_id(request.form.get("thread", ""))
    if thread_id is None:
        raise NotFound(gettext("There is no such question."))
    path = similar.solving_path(read_session(), thread_id)
    form = AskForm.open()
    _note(Outcome.SOLVED, form, thread_id)
    if not form.source.text.strip():
        # A title alone has led to its solution; a text is kept in case this was none.
        finish_draft(NEW_QUESTION, form)
    flash(
        gettext("Good that this solved it. Vote for the answer that helped, so that others find it."),
        "success",
    )
    return redirect(path, 303)


@blueprint.post("/similar/none")
def none() -> ResponseReturnValue:
    """Note that no thread fits, and let the writer go on."""
    signed_in()
    form = AskForm.open()
    _note(Outcome.NONE_FIT, form, None)
    if wants_fragment():
        return "", 204
    form.seen_similar.data = "1"
    flash(gettext("Noted. Go on with your question; all that you wrote is here."), "info")
    return render_template("asking/ask.html", form=form)


def _note(outcome: Outcome, form: AskForm, thread_id: int | None) -> None:
    note_outcome(
        write_session(),
        outcome=outcome,
        title=form.title.text,
        thread_id=thread_id,
        offered=form.offered.data,
        tags=tags_so_far(form.tags.text),
    )


def _part(threads: Sequence[SimilarThread]) -> str:
    # Past the context of pages, which would ask the database who is looking: nothing here depends on it.
    return current_app.jinja_env.get_template("asking/_similar.html").render(threads=threads)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _as_json(title: str, tags: str) -> ResponseReturnValue:
    try:
        found = similar.load(read_session(), engine(), similar.asked(title, tags=tags_so_far(tags)))
    except SearchUnavailable as error:
        return {"error": gettext(error.message)}, 503, _HEADERS | {"Retry-After": str(_RETRY_SECONDS)}
    return {"similar": [_facts(thread) for thread in found]}, 200, _HEADERS


def _facts(thread: SimilarThread) -> dict[str, Any]:
    return {
        "id": thread.id,
        "title": thread.title,
        "url": settings().address + thread.path,
        "solved": thread.is_solved,
        "score": thread.thread.question_score,
        "answers": thread.thread.answer_count,
        "tags": list(thread.thread.tags),
        "answer_id": thread.answer_id,
        "passage": thread.text,
        "convincing": thread.is_convincing,
    }
