"""How somebody voted, and of which answers they say that these no longer work."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BindParameter, bindparam, literal_column, select
from sqlalchemy.orm import Session

from forum.posts.models import OutdatedMark
from forum.votes.models import CommentVote, Vote


@dataclass(frozen=True, slots=True)
class Marks:
    """What one person did with some posts."""

    votes: dict[int, int]
    """1 or -1 for those that the person voted on."""
    outdated: frozenset[int]
    """Those of which the person says that they no longer work."""


_post_ids: BindParameter[Sequence[int]] = bindparam("post_ids", expanding=True)
_voter_id: BindParameter[int] = bindparam("voter_id")
# Both by one statement, because the page of a question pays for each; no vote has the value 0.
_marks = (
    select(Vote.post_id, Vote.value)
    .where(Vote.user_id == _voter_id, Vote.post_id.in_(_post_ids))
    .union_all(
        select(OutdatedMark.post_id, literal_column("0")).where(
            OutdatedMark.user_id == _voter_id, OutdatedMark.post_id.in_(_post_ids)
        )
    )
)
_comment_marks = select(CommentVote.comment_id).where(
    CommentVote.user_id == bindparam("voter_id"),
    CommentVote.comment_id.in_(bindparam("comment_ids", expanding=True)),
)


def marks(session: Session, voter_id: int, post_ids: Sequence[int]) -> Marks:
    """Return what the person did with those of the posts; one statement."""
    rows = session.execute(_marks, {"voter_id": voter_id, "post_ids": list(post_ids)}).all()
    return Marks(
        votes={post_id: value for post_id, value in rows if value},
        outdated=frozenset(post_id for post_id, value in rows if not value),
    )


def comment_marks(session: Session, voter_id: int, comment_ids: Sequence[int]) -> set[int]:
    """Return those of the comments that the person found useful; one statement."""
    return set(session.scalars(_comment_marks, {"voter_id": voter_id, "comment_ids": list(comment_ids)}))
