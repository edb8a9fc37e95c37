"""One's drafts: saving them while one writes, finding them again, discarding them."""

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forum.core.errors import NotFound
from forum.core.i18n import gettext, marked
from forum.drafts import actions, queries
from forum.drafts.actions import Fate, Saving
from forum.drafts.rules import KEPT_DAYS, Place, place_named
from forum.web.addresses import safe_next
from forum.web.drafting import listed_address, place_address
from forum.web.forms.drafts import DraftForm
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
    listed = queries.of_person(read_session(), signed_in())
    drafts = [(draft, listed_address(draft)) for draft in listed]
    return render_template("drafts/index.html", drafts=drafts, kept_days=KEPT_DAYS)


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
        page = {"form": form, "place": place, "other": saving.draft, "address": place_address(place)}
        return render_template("drafts/overtaken.html", **page), 409
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
    version = DraftForm.open().draft_version.text
    actions.discard(write_session(), signed_in(), _place(name), version=version)
    flash(gettext("The draft is discarded."), "success")
    return redirect(safe_next(request.form.get("next")) or url_for("drafts.index"), 303)


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
