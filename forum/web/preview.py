"""What a text will look like, rendered exactly as if it were sent."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from forum.core.i18n import gettext
from forum.core.markup import Flavour
from forum.posts.actions.wording import finished_html, prepare
from forum.posts.rules import QUESTION_LENGTH
from forum.web.request_scope import limits, read_session, signed_in

blueprint = Blueprint("preview", __name__)

_PREVIEWS = "60 per minute"


@blueprint.post("/preview")
def show() -> ResponseReturnValue:
    signed_in()
    flavour = Flavour.COMMENT if request.form.get("flavour") == Flavour.COMMENT else Flavour.POST
    html = preview_of(request.form.get("source", ""), flavour=flavour)
    return render_template("posts/_preview.html", preview=html)


def preview_of(source: str, *, flavour: Flavour = Flavour.POST) -> str:
    """Return the HTML of a text that is not yet sent; raise TooMany for somebody who asks too often."""
    message = gettext("The preview pauses for a moment; you can go on writing.")
    limits().count(_PREVIEWS, "preview", str(signed_in().id), message=message)
    written = prepare(source[: QUESTION_LENGTH[1]], flavour=flavour)
    return finished_html(read_session(), written)
