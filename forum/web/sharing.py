"""Short links that tell who shared a post, and lead to it."""

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts.queries.lists import titles
from forum.posts.queries.question import place_of_answer
from forum.posts.rules import question_path
from forum.shares.rules import network_of, place_of
from forum.web.looks import is_fetched_beforehand
from forum.web.request_scope import activity, read_session, settings, viewer

blueprint = Blueprint("sharing", __name__)

_UNLISTED = {"X-Robots-Tag": "noindex"}


@blueprint.get("/q/<int:id>/<int:sharer_id>")
def question(id: int, sharer_id: int) -> ResponseReturnValue:
    found = titles(read_session(), [id])
    if not found:
        raise NotFound(gettext("There is no such question, or it was deleted."))
    _note(id, sharer_id)
    return redirect(question_path(id, found[0].slug)), _UNLISTED


@blueprint.get("/a/<int:id>/<int:sharer_id>")
def answer(id: int, sharer_id: int) -> ResponseReturnValue:
    place = place_of_answer(read_session(), id, None)
    if place is None:
        raise NotFound(gettext("There is no such answer, or it was deleted."))
    _note(id, sharer_id)
    page = place.page if place.page > 1 else None
    path = url_for("questions.show", id=place.question_id, slug=place.slug, page=page, _anchor=f"answer-{id}")
    return redirect(path), _UNLISTED


def _note(post_id: int, sharer_id: int) -> None:
    """Count the visitor, unless it is whoever shared the link or nobody at all."""
    person = viewer()
    if (person is not None and person.id == sharer_id) or not _is_opened_by_somebody():
        return
    network = network_of(request.remote_addr)
    secret = settings().signing_key()
    place = place_of(secret, post_id=post_id, sharer_id=sharer_id, network=network)
    activity().note_shared(post_id, sharer_id, place=place)


def _is_opened_by_somebody() -> bool:
    """Tell whether a person opens the link in a browser, as far as can be told.

    Programs that fetch links to preview or to index them don't send what all browsers do, which is sent by
    https only.
    """
    if request.method != "GET" or is_fetched_beforehand(request.environ):
        return False
    is_https = settings().address.startswith("https:")
    return request.headers.get("Sec-Fetch-Mode", "" if is_https else "navigate") == "navigate"
