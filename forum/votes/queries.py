"""How somebody voted, of which answers they say that these no longer work, and what they follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from forum.core.prepared import Prepared
from forum.core.reading import connection_of, rows
from forum.follows.models import Follow
from forum.posts.models import OutdatedMark, Post
from forum.votes.models import CommentVote, Vote


@dataclass(frozen=True, slots=True)
class Marks:
    """What one person did with some posts."""

    votes: dict[int, int]
    """1 or -1 for those that the person voted on."""
    outdated: frozenset[int]
    """Those of which the person says that they no longer work."""
    followed: dict[int, datetime]
    """Those that the person follows, with the moment up to which they have seen what happened there."""
    useful: frozenset[int]
    """The comments that the person found useful."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """A post of a locked thread with what a vote on it may change, and the vote that one person has there."""

    post_id: int
    kind: str
    author_id: int | None
    score: int
    is_visible: bool
    question_id: int
    question_score: int
    answer_count: int
    upvoted_answer_count: int
    asked_at: datetime
    vote_id: int | None
    value: int
    """1, -1, or 0 for no vote."""
    cast_at: datetime | None


_post_ids: BindParameter[Sequence[int]] = bindparam("post_ids", expanding=True)
_voter_id: BindParameter[int] = bindparam("voter_id")
_OUTDATED, _FOLLOWED, _USEFUL = 0, 2, 3
"""What stands where a vote has its value; no vote has one of these."""
# All by one statement, because the page of a question pays for each.
_marks = Prepared(
    select(Vote.post_id, Vote.value, Vote.cast_at)
    .where(Vote.user_id == _voter_id, Vote.post_id.in_(_post_ids))
    .union_all(
        select(OutdatedMark.post_id, literal_column(str(_OUTDATED)), OutdatedMark.marked_at).where(
            OutdatedMark.user_id == _voter_id, OutdatedMark.post_id.in_(_post_ids)
        ),
        select(Follow.question_id, literal_column(str(_FOLLOWED)), Follow.seen_until).where(
            Follow.user_id == _voter_id, Follow.question_id.in_(_post_ids), Follow.is_on
        ),
        select(CommentVote.comment_id, literal_column(str(_USEFUL)), CommentVote.cast_at).where(
            CommentVote.user_id == _voter_id,
            CommentVote.comment_id.in_(bindparam("comment_ids", expanding=True)),
        ),
    )
)
_question = aliased(Post)
_ballot: Select[*tuple[Any, ...]] = (
    select(
        Post.id, Post.kind, Post.author_id, Post.score,
        and_(Post.deleted_at.is_(None), _question.deleted_at.is_(None)),
        _question.id, _question.score, _question.answer_count, _question.upvoted_answer_count,
        _question.created_at, Vote.id, func.coalesce(Vote.value, 0), Vote.cast_at,
    )
    .join(_question, _question.id == func.coalesce(Post.question_id, Post.id))
    .outerjoin(Vote, and_(Vote.post_id == Post.id, Vote.user_id == _voter_id))
    .where(Post.id == bindparam("post_id"))
)  # fmt: skip


def ballot(session: Session, post_id: int, *, voter_id: int) -> Ballot | None:
    """Return a post with the vote that one person has there; one statement, to be sent under its lock."""
    values = {"post_id": post_id, "voter_id": voter_id}
    row = connection_of(session).execute(_ballot, values).one_or_none()
    return Ballot(*row) if row else None


def marks(session: Session, voter_id: int, post_ids: Sequence[int], comment_ids: Sequence[int] = ()) -> Marks:
    """Return what the person did with those of the posts and comments; one statement."""
    found = rows(session, _marks, voter_id=voter_id, post_ids=list(post_ids), comment_ids=list(comment_ids))
    return Marks(
        votes={post_id: value for post_id, value, _ in found if value in (1, -1)},
        outdated=frozenset(post_id for post_id, value, _ in found if value == _OUTDATED),
        followed={post_id: moment for post_id, value, moment in found if value == _FOLLOWED},
        useful=frozenset(comment_id for comment_id, value, _ in found if value == _USEFUL),
    )
