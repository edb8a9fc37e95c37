"""Who may vote on what."""

from datetime import timedelta

from forum.accounts.rules import Actor, Privilege, refuse_without
from forum.core.errors import Invalid, Refused
from forum.core.i18n import gettext

SCORE_IS_FOUND_AFTER = timedelta(seconds=30)
"""When search learns of a vote: a score weighs little there, and a hot question gets many meanwhile."""


def check_value(value: int) -> int:
    """Return the value of a vote: 1 useful, -1 not useful, 0 no vote; raise Invalid for others."""
    if value not in {-1, 0, 1}:
        raise Invalid("value", gettext("A vote is 1, -1 or 0."))
    return value


def refuse_vote(actor: Actor, *, author_id: int | None, value: int) -> None:
    """Raise Refused for a vote on one's own post, or without the privilege; taking a vote back is free."""
    if actor.id == author_id:
        raise Refused("own post", gettext("You can't vote on your own post."))
    if value > 0:
        refuse_without(actor, Privilege.VOTE_UP)
    if value < 0:
        refuse_without(actor, Privilege.VOTE_DOWN)


def refuse_comment_vote(actor: Actor, *, author_id: int | None, is_deleted: bool) -> None:
    """Raise Refused for a vote on one's own comment or on a deleted one."""
    if is_deleted:
        raise Refused("deleted", gettext("This comment was deleted."))
    if actor.id == author_id:
        raise Refused("own comment", gettext("You can't vote on your own comment."))
    refuse_without(actor, Privilege.VOTE_UP)
