"""Lists of questions, and the page of one."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from forum.core import clock
from forum.core.errors import NotFound
from forum.core.i18n import gettext, ngettext
from forum.pages import question, question_list, thread
from forum.pages.question import QuestionPage
from forum.posts.queries import news
from forum.posts.queries.lists import Order, Unanswered
from forum.posts.queries.news import News
from forum.posts.queries.question import AnswerOrder
from forum.posts.rules import leads_elsewhere, question_path
from forum.web.choices import chosen, chosen_list, chosen_page
from forum.web.forms.posts import AnswerForm
from forum.web.looks import Look
from forum.web.page_offers import kept_for_visitors, leave_note
from forum.web.printing import printed
from forum.web.request_scope import activity, read_session, settings, viewer
from forum.web.structured_data import qa_page

blueprint = Blueprint("questions", __name__)

_LATEST = 32_503_680_000_000
"""Milliseconds up to the year 3000: later moments are none that a page of ours has named."""


@blueprint.get("/questions")
@kept_for_visitors()
def index() -> ResponseReturnValue:
    order = chosen("sort", Order.NEWEST)
    page = question_list.load(read_session(), order, request.args.get("at"))
    return printed("questions/index.html", {"page": page, "order": order, **chosen_list()})


@blueprint.get("/questions/unanswered")
@kept_for_visitors()
def unanswered() -> ResponseReturnValue:
    lacking = chosen("kind", Unanswered.NONE)
    page = question_list.load_unanswered(read_session(), lacking, request.args.get("at"))
    return printed("questions/unanswered.html", {"page": page, "lacking": lacking, **chosen_list()})


@blueprint.get("/questions/<int:id>/news")
def told(id: int) -> ResponseReturnValue:
    """Return as JSON what others have written since the page was opened; the text is empty without any."""
    moment = datetime.fromtimestamp(min(request.args.get("since", 0, type=int), _LATEST) / 1000, UTC)
    found = news.since(read_session(), viewer(), id, moment)
    if found is None:
        raise NotFound(gettext("There is no such question, or it was deleted."))
    return {"text": _announced(found), "url": url_for("questions.show", id=id, _anchor="answers")}


@blueprint.get("/questions/<int:id>", defaults={"slug": None})
@blueprint.get("/questions/<int:id>/<slug>")
@kept_for_visitors(seen=Look.at_question)
def show(id: int, slug: str | None) -> ResponseReturnValue:
    order, number = chosen("sort", AnswerOrder.SCORE), chosen_page()
    person = viewer()
    # Pages of visitors are kept whole, after which nobody asks for the thread again.
    read = thread.read_kept if person else thread.read
    page = question.load(read_session(), person, id, order=order, page=number, read=read)
    if slug != page.question.slug:
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        return redirect(question_path(id, page.question.slug) + query, 301)
    leave_note(question_id=id, is_solved=page.question.accepted_answer_id is not None)
    if person and page.has_unseen and request.method == "GET":
        activity().note_seen(person.id, id, until=page.question.active_at)
    return printed(
        "questions/show.html",
        {"page": page},
        partial(_context, page, is_visitor=person is None),
        # A form that opens with a draft has a number of its own, and nobody else sees either.
        keep=not page.has_drafts,
        blanks={"views": partial(_told_views, page.view_count), "opened": _present},
    )


def _context(page: QuestionPage, *, is_visitor: bool) -> dict[str, Any]:
    """Return what follows from the page."""
    return {
        "form": AnswerForm.resume(page.draft) if page.draft else None,
        "canonical": _canonical(page),
        "structured_data": qa_page(page, settings().address) if is_visitor else None,
    }


def _told_views(count: int) -> str:
    return ngettext("Viewed %(num)s time", "Viewed %(num)s times", count)


def _present() -> str:
    return str(int(clock.now().timestamp() * 1000))


def _announced(found: News) -> str:
    answers = ngettext("%(num)s new answer", "%(num)s new answers", found.answers)
    comments = ngettext("%(num)s new comment", "%(num)s new comments", found.comments)
    if found.answers and found.comments:
        # Translators: Both have their numbers: "1 new answer and 2 new comments".
        return gettext("%(answers)s and %(comments)s", answers=answers, comments=comments)
    return answers if found.answers else comments if found.comments else ""


def _canonical(page: QuestionPage) -> str | None:
    """Return the path under which search engines should list the page, or None for not at all.

    Other orders are the same page. Later pages are pages of their own, as Google wants them named: what they
    say stands on no other.
    """
    question = page.question
    is_duplicate = leads_elsewhere(
        is_closed=question.closed_at is not None,
        duplicate_of_id=question.duplicate_of_id,
        answer_count=question.answer_count,
    )
    if question.post.deleted_at is not None or is_duplicate:
        return None
    path = question_path(question.post.id, question.slug)
    return f"{path}?page={page.page}" if page.page > 1 else path
