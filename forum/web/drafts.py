"""One's drafts: saving them while one writes, finding them again, discarding them and undoing that."""

from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound
from forum.core.i18n import gettext, marked
from forum.drafts import actions, queries
from forum.drafts.actions import Fate, Saving
from forum.drafts.rules import DISCARDED_HOURS, KEPT_DAYS, Place, place_named
from forum.web.addresses import safe_next
from forum.web.drafting import listed_address, place_address
from forum.web.forms.drafts import DraftForm
from forum.web.fragments import saying
from forum.web.request_scope import limits, read_session, signed_in, wants_fragment, write_session

blueprint = Blueprint("drafts", __name__)

_SAVES = "120 per 5 minutes"
"""Somebody who never stops typing sends a text every fifteen seconds, in a few tabs at once."""

_SAID = {
    Fate.SAVED: marked("Your draft is saved."),
    Fate.EMPTIED: marked("There was nothing to save; the draft is gone."),
    Fate.POSTED: marked("You have posted this already."),
}


@blueprint.get("/drafts")
def index() -> ResponseReturnValue:
    person, session = signed_in(), read_session()
    drafts = [(draft, listed_address(draft)) for draft in queries.of_person(session, person)]
    discarded = queries.discarded_of_person(session, person)
    kept = {"kept_days": KEPT_DAYS, "discarded_hours": DISCARDED_HOURS}
    return render_template("drafts/index.html", drafts=drafts, discarded=discarded, **kept)


@blueprint.post("/drafts")
def save() -> ResponseReturnValue:
    """Keep a text; a script is told the outcome as JSON, everybody else is led back to the form."""
    person, form = signed_in(), DraftForm.open()
    place = form.wanted_place
    if place is None:
        raise NotFound(gettext("This text belongs to no place on this site."))
    message = gettext("Drafts are saved a little later, as there were very many just now.")
    limits().count(_SAVES, "drafts", str(person.id), message=message)
    saving = actions.save(
        write_session(), person, place, form.wording, writer=form.writer, based_on=form.based_on.data
    )
    if wants_fragment():
        return _told(saving)
    if saving.fate is Fate.OVERTAKEN:
        mine = {"wording": form.wording, "based_on": form.based_on.data, "submission": form.submission.data}
        return _overtaken_page(place, saving, **mine)
    flash(gettext(_SAID[saving.fate]), "success")
    return redirect(place_address(place), 303)


@blueprint.get("/drafts/<name>")
def show(name: str) -> ResponseReturnValue:
    person, place = signed_in(), _place(name)
    draft = queries.one(read_session(), person.id, place)
    if draft is None:
        raise NotFound(gettext("You have no such draft; it may have been posted or discarded."))
    return render_template("drafts/show.html", draft=draft, address=place_address(place))


@blueprint.post("/drafts/<name>/discard")
def discard(name: str) -> ResponseReturnValue:
    """Discard a draft, with what was typed since it was saved if the form that it is open in tells that."""
    person, place, form = signed_in(), _place(name), DraftForm.open()
    version = form.draft_version.text
    if not form.wording.is_empty:
        saving = actions.save(
            write_session(), person, place, form.wording, writer=form.writer, based_on=form.based_on.data
        )
        if saving.fate is Fate.SAVED and saving.draft:
            version = saving.draft.version
    says = gettext("Draft discarded.")
    can_undo = actions.discard(write_session(), person, place, version=version)
    if wants_fragment():
        part = render_template("drafts/_discarded.html", place=place, version=version, can_undo=can_undo)
        return saying(says, part)
    # The page that follows offers to undo it, where the draft was.
    flash(f"{place} {version}" if can_undo else says, "discarded" if can_undo else "success")
    return redirect(safe_next(request.form.get("next")) or url_for("drafts.index"), 303)


@blueprint.post("/drafts/<name>/undo-discard")
def undo_discard(name: str) -> ResponseReturnValue:
    """Bring a discarded draft back; where another was begun meanwhile, show both and ask."""
    person, place, form = signed_in(), _place(name), DraftForm.open()
    version = form.draft_version.text
    saving = actions.bring_back(write_session(), person, place, version=version)
    if saving.fate is Fate.OVERTAKEN:
        mine = queries.discarded(write_session(), person.id, version)
        if mine is not None:
            return _overtaken_page(
                place, saving, wording=mine.wording, based_on=mine.based_on, is_discarded=True
            )
    flash(gettext("Your draft is back."), "success")
    return redirect(safe_next(request.form.get("next")) or url_for("drafts.index"), 303)


def _overtaken_page(place: Place, saving: Saving, **mine: Any) -> tuple[str, int]:
    page = {"place": place, "other": saving.draft, "address": place_address(place), **mine}
    return render_template("drafts/overtaken.html", **page), 409


def _place(name: str) -> Place:
    place = place_named(name)
    if place is None:
        raise NotFound(gettext("You have no such draft."))
    return place


def _told(saving: Saving) -> tuple[Response, int]:
    draft = saving.draft
    told = {"fate": saving.fate, "version": draft.version if draft else ""}
    if draft and saving.fate is Fate.OVERTAKEN:
        told |= {
            "saved_at": draft.updated_at.isoformat(),
            "title": draft.wording.title,
            "source": draft.wording.source,
            "tags": draft.wording.tags,
            "summary": draft.wording.summary,
            "based_on": str(draft.based_on),
        }
    return jsonify(told), 409 if saving.fate is Fate.OVERTAKEN else 200
