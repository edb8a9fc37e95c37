"""Lists of questions, and the page of one."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.pages import question, question_list
from forum.pages.related import related_by
from forum.posts.queries.lists import Order, Unanswered
from forum.posts.queries.question import AnswerOrder
from forum.posts.rules import question_path
from forum.web.choices import chosen, chosen_page
from forum.web.forms.posts import AnswerForm
from forum.web.request_scope import activity, engine, read_session, settings, viewer
from forum.web.search_notes import note_opened, visitor_key

blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions")
def index() -> ResponseReturnValue:
    order = chosen("sort", Order.NEWEST)
    page = question_list.load(read_session(), order, request.args.get("at"))
    return render_template("questions/index.html", page=page, order=order)


@blueprint.get("/questions/unanswered")
def unanswered() -> ResponseReturnValue:
    lacking = chosen("kind", Unanswered.NONE)
    page = question_list.load_unanswered(read_session(), lacking, request.args.get("at"))
    return render_template("questions/unanswered.html", page=page, lacking=lacking)


@blueprint.get("/questions/<int:id>", defaults={"slug": None})
@blueprint.get("/questions/<int:id>/<slug>")
def show(id: int, slug: str | None) -> ResponseReturnValue:
    order, number = chosen("sort", AnswerOrder.SCORE), chosen_page()
    similar = related_by(engine())
    page = question.load(read_session(), viewer(), id, order=order, page=number, related=similar)
    if slug != page.question.slug:
        query = f"?{request.query_string.decode()}" if request.query_string else ""
        return redirect(question_path(id, page.question.slug) + query, 301)
    if request.method == "GET":
        activity().note_view(id, visitor=visitor_key())
        note_opened(is_solved=page.question.accepted_answer_id is not None)
    canonical = settings().address + question_path(id, page.question.slug)
    return render_template("questions/show.html", page=page, form=AnswerForm.open(), canonical=canonical)
