"""Saved searches: keeping them, what newly matches them, and marking that as seen."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forum.core.errors import Invalid
from forum.core.i18n import gettext
from forum.pages import saved_searches as pages
from forum.saved_searches import actions
from forum.saved_searches.queries import Saved
from forum.web.forms.saved_searches import ChangeForm, SaveForm, SeenForm
from forum.web.request_scope import read_afresh, read_session, signed_in, viewer, write_session

blueprint = Blueprint("saved_searches", __name__)


@blueprint.app_context_processor
def _context() -> dict[str, Any]:
    """Let the page of search results ask whether its search is saved already; one statement when it asks."""
    return {"saved_as": _saved_as}


def _saved_as(text: str) -> Saved | None:
    return pages.saved_as(read_session(), viewer(), text)


@blueprint.get("/saved-searches")
def index() -> ResponseReturnValue:
    person = viewer()
    page = pages.listed(read_session(), person) if person else None
    return render_template("saved_searches/index.html", page=page)


@blueprint.post("/saved-searches")
def save() -> ResponseReturnValue:
    person = signed_in()
    form = SaveForm.open()
    sort = form.sort.data or ""
    if form.validate():
        with form.refusals():
            kept = actions.save(write_session(), person, name=form.name.text, text=form.text.text, sort=sort)
            if kept.is_new:
                saved = gettext(
                    "Saved as “%(name)s”. Your account menu counts what newly matches.", name=kept.name
                )
                flash(saved, "success")
            else:
                before = gettext("You have saved this search before, as “%(name)s”.", name=kept.name)
                flash(before, "info")
            return redirect(url_for("search.index", q=form.text.text.strip(), sort=sort or None), 303)
    return render_template("saved_searches/save.html", form=form), form.status


@blueprint.get("/saved-searches/<int:saved_search_id>")
def show(saved_search_id: int) -> ResponseReturnValue:
    page = pages.load(read_session(), signed_in(), saved_search_id)
    form = ChangeForm.open(name=page.search.name, notifies=page.search.notifies)
    return render_template("saved_searches/show.html", page=page, form=form)


@blueprint.post("/saved-searches/<int:saved_search_id>")
def change(saved_search_id: int) -> ResponseReturnValue:
    person = signed_in()
    form = ChangeForm.open()
    if form.validate():
        with form.refusals():
            actions.change(
                write_session(), person, saved_search_id, name=form.name.text, notifies=form.notifies.data
            )
            flash(gettext("The saved search is changed."), "success")
            return redirect(url_for("saved_searches.index"), 303)
    page = pages.load(read_afresh(), person, saved_search_id)
    return render_template("saved_searches/show.html", page=page, form=form), form.status


@blueprint.post("/saved-searches/<int:saved_search_id>/seen")
def mark_seen(saved_search_id: int) -> ResponseReturnValue:
    person = signed_in()
    until = SeenForm.open().until.data
    if until is None:
        raise Invalid(
            "until", gettext("Open the saved search again, and mark its new matches as seen from there.")
        )
    actions.mark_seen(write_session(), person, saved_search_id, until=until)
    flash(gettext("The matches are marked as seen."), "success")
    return redirect(url_for("saved_searches.index"), 303)


@blueprint.post("/saved-searches/<int:saved_search_id>/delete")
def forget(saved_search_id: int) -> ResponseReturnValue:
    actions.forget(write_session(), signed_in(), saved_search_id)
    flash(gettext("The saved search is deleted."), "success")
    return redirect(url_for("saved_searches.index"), 303)
