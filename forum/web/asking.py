"""Asking questions."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.posts.actions import asking
from forum.posts.rules import TITLE_LENGTH
from forum.tags.rules import parse_names
from forum.web.forms.posts import AskForm
from forum.web.places import to_post
from forum.web.preview import preview_of
from forum.web.request_scope import signed_in, write_session

blueprint = Blueprint("asking", __name__)


@blueprint.route("/questions/ask", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    person = signed_in()
    # A search without a result, or a tag's page, leads here with its words.
    title, tags = (request.args.get(name, "")[: TITLE_LENGTH[1]] for name in ("title", "tags"))
    form = AskForm.open(title=title, tags=tags)
    if form.wants_preview:
        return render_template("asking/ask.html", form=form, preview=preview_of(form.source.text))
    if form.is_sent_and_valid():
        with form.refusals():
            posted = asking.ask(
                write_session(),
                person,
                title=form.title.text,
                source=form.source.text,
                tags=parse_names(form.tags.text),
                submission=form.submission.number,
            )
            return to_post(posted)
    return render_template("asking/ask.html", form=form), form.status
