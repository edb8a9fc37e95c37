"""Describing tags, and completing their names while somebody types."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from forum.accounts.rules import Privilege, refuse_without
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.tags import actions as tags
from forum.tags import queries
from forum.tags.rules import tag_path
from forum.web.forms.posts import DescribeTagForm
from forum.web.preview import preview_of
from forum.web.request_scope import read_session, signed_in, write_session
from forum.web.tags import SEARCH_LENGTH

blueprint = Blueprint("tag_editing", __name__)

_OFFERED = 10
"""How many names completion offers."""


@blueprint.route("/tags/<name>/edit", methods=["GET", "POST"])
def edit(name: str) -> ResponseReturnValue:
    person = signed_in()
    refuse_without(person, Privilege.EDIT_TAGS)
    tag = queries.description(read_session(), name)
    if tag is None:
        raise NotFound(gettext("There is no such tag."))
    form = DescribeTagForm.open(excerpt=tag.excerpt, source=tag.description_source)
    if form.wants_preview:
        preview = preview_of(form.source.text)
        return render_template("tags/edit.html", form=form, tag=tag, preview=preview)
    if form.is_sent_and_valid():
        with form.refusals():
            tags.describe(write_session(), person, tag.id, excerpt=form.excerpt.text, source=form.source.text)
            flash(gettext("The description is saved."), "success")
            return redirect(tag_path(tag.name), 303)
    return render_template("tags/edit.html", form=form, tag=tag), form.status


@blueprint.get("/tags/complete")
def complete() -> ResponseReturnValue:
    # Databases refuse to look for what is far longer than any name.
    beginning = request.args.get("q", "")[:SEARCH_LENGTH]
    offers = queries.completions(read_session(), beginning, limit=_OFFERED)
    return [{"name": tag.name, "excerpt": tag.excerpt, "count": tag.question_count} for tag in offers]
