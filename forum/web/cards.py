"""The preview picture of a question, which chats and social networks fetch beside its page."""

from flask import Blueprint, Response, request

from forum.cards.card import Card
from forum.cards.keeping import picture_of
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts.queries import question as threads
from forum.web.languages import direction, in_site_language, language
from forum.web.request_scope import read_session, settings

blueprint = Blueprint("cards", __name__)

_SECONDS = 600
"""How long a cache may show an old score; the title of a question is rarely changed."""


@blueprint.get("/questions/<int:id>/preview.png")
@in_site_language()
def show(id: int) -> Response:
    """Return the picture that visitors get, whoever asks: it is kept by caches that everybody shares."""
    question = threads.question(read_session(), id, None)
    if question is None:
        raise NotFound(gettext("There is no such question, or it was deleted."))
    site = settings()
    card = Card(
        site_name=site.site_name,
        title=question.title,
        score=question.post.score,
        answer_count=question.answer_count,
        is_solved=question.accepted_answer_id is not None,
        tags=question.tags,
        font=str(site.preview_font or ""),
        language=language(),
        is_mirrored=direction() == "rtl",
    )
    response = Response(mimetype="image/png")
    response.set_etag(card.key)
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}"
    # Other sites show it, which the rule for all other responses forbids.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.if_none_match.contains_weak(card.key):
        response.status_code = 304
        return response
    response.data = picture_of(card, site.cards_dir)
    return response
