"""The first page, and what a browser keeps of how pages look and listen."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.accounts import actions as accounts
from forum.core.errors import Invalid
from forum.core.i18n import LANGUAGES, gettext
from forum.pages import question_list
from forum.posts.queries.lists import Order
from forum.web import languages
from forum.web.choice_cookies import keep
from forum.web.choices import chosen_list
from forum.web.page_offers import kept_for_visitors
from forum.web.printing import printed
from forum.web.request_scope import read_session, viewer, write_session

blueprint = Blueprint("home", __name__)

THEMES = ("automatic", "light", "dark")


@blueprint.get("/")
@kept_for_visitors()
def index() -> ResponseReturnValue:
    page = question_list.load(read_session(), Order.ACTIVE, request.args.get("at"))
    return printed("home/index.html", {"page": page, **chosen_list()})


@blueprint.get("/keys")
def keys() -> ResponseReturnValue:
    return render_template("home/keys.html")


@blueprint.get("/appearance")
def appearance() -> ResponseReturnValue:
    chosen = request.cookies.get("theme", "automatic")
    return render_template(
        "home/appearance.html",
        themes=THEMES,
        chosen=chosen,
        languages=LANGUAGES,
        chosen_language=languages.chosen(),
    )


@blueprint.post("/appearance")
def choose_appearance() -> ResponseReturnValue:
    theme = request.form.get("theme", "")
    if theme not in THEMES:
        raise Invalid("theme", gettext("Choose automatic, light or dark."))
    code = request.form.get("language") or None
    if code is not None and code not in LANGUAGES:
        raise Invalid("language", gettext("Choose one of the languages in the list."))
    if (person := viewer()) is not None:
        accounts.choose_language(write_session(), person.id, code)
    languages.choose(code)
    response = make_response(redirect(url_for("home.appearance"), 303))
    kept = {"theme": theme, "keys": "on" if request.form.get("keys") == "on" else "off"}
    for name, value in kept.items():
        keep(response, name, value)
    return response
