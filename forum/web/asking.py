"""Asking questions."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.rules import Actor
from forum.pages import similar
from forum.pages.similar import SimilarThread
from forum.posts.actions import Posted, asking
from forum.posts.rules import TITLE_LENGTH
from forum.search.engine import SearchUnavailable
from forum.searches.actions import note_outcome
from forum.searches.rules import Outcome
from forum.tags.rules import parse_names
from forum.web.drafting import NEW_QUESTION, draft_for, finish_draft
from forum.web.forms.posts import AskForm
from forum.web.forms.similar import tags_so_far
from forum.web.places import to_post
from forum.web.preview import preview_of
from forum.web.request_scope import engine, read_session, signed_in, write_session

blueprint = Blueprint("asking", __name__)


@blueprint.route("/questions/ask", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    person = signed_in()
    # A search without a result, or a tag's page, leads here with its words.
    title, tags = (request.args.get(name, "")[: TITLE_LENGTH[1]] for name in ("title", "tags"))
    draft = draft_for(NEW_QUESTION)
    form = AskForm.resume(draft, title=title, tags=tags)
    if form.wants_preview:
        return render_template("asking/ask.html", form=form, preview=preview_of(form.source.text))
    if form.is_sent_and_valid():
        if threads := _to_see_first(form):
            form.seen_similar.data, form.offered.data = "1", tuple(thread.id for thread in threads)
            return render_template("asking/ask.html", form=form, threads=threads)
        with form.refusals():
            return to_post(_posted(person, form))
    return render_template("asking/ask.html", form=form, draft=draft), form.status


def _to_see_first(form: AskForm) -> tuple[SimilarThread, ...]:
    """Return the solved threads that the writer should see before the question is posted.

    There are none once they were seen, and none without an index: nothing keeps anybody from asking.
    """
    if form.seen_similar.data:
        return ()
    query = similar.asked(form.title.text, form.source.text, tags_so_far(form.tags.text))
    try:
        return similar.convincing(similar.load(read_session(), engine(), query))
    except SearchUnavailable:
        return ()


def _posted(person: Actor, form: AskForm) -> Posted:
    title, tags = form.title.text, parse_names(form.tags.text)
    posted = asking.ask(
        write_session(),
        person,
        title=title,
        source=form.source.text,
        tags=tags,
        submission=form.submission.number,
    )
    finish_draft(NEW_QUESTION, form)
    if posted.is_new:
        note_outcome(
            write_session(),
            outcome=Outcome.ASKED,
            title=title,
            thread_id=posted.question_id,
            offered=form.offered.data,
            tags=tags,
        )
    return posted
