"""Where to send somebody after they changed something: to the very post or comment on its question's page."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from forum.posts.actions import Commented, Posted


def to_post(posted: Posted) -> Response:
    """Lead to a question, or to an answer on whichever page of its question it stands."""
    return redirect(post_address(posted.post_id, question_id=posted.question_id), 303)


def to_comment(commented: Commented) -> Response:
    """Lead to a comment under its post."""
    post_id, question_id = commented.post_id, commented.question_id
    address = post_address(post_id, question_id=question_id, comment_id=commented.comment_id)
    return redirect(address, 303)


def post_address(post_id: int, *, question_id: int, comment_id: int | None = None) -> str:
    """Return an address that leads to a post or to a comment under it."""
    if post_id != question_id:
        return url_for("answers.show", id=post_id, comment=comment_id)
    anchor = "question" if comment_id is None else f"comment-{comment_id}"
    return url_for("questions.show", id=question_id, _anchor=anchor)
