"""How somebody voted."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.votes.models import CommentVote, Vote

_marks = select(Vote.post_id, Vote.value).where(
    Vote.user_id == bindparam("voter_id"), Vote.post_id.in_(bindparam("post_ids", expanding=True))
)
_comment_marks = select(CommentVote.comment_id).where(
    CommentVote.user_id == bindparam("voter_id"),
    CommentVote.comment_id.in_(bindparam("comment_ids", expanding=True)),
)


def marks(session: Session, voter_id: int, post_ids: Sequence[int]) -> dict[int, int]:
    """Return the person's votes (1 or -1) on those of the posts that have one; one statement."""
    rows = session.execute(_marks, {"voter_id": voter_id, "post_ids": list(post_ids)})
    return {row.post_id: row.value for row in rows}


def comment_marks(session: Session, voter_id: int, comment_ids: Sequence[int]) -> set[int]:
    """Return those of the comments that the person found useful; one statement."""
    return set(session.scalars(_comment_marks, {"voter_id": voter_id, "comment_ids": list(comment_ids)}))
