"""What came of the links that somebody shared."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from forum.posts.models import Post
from forum.shares.models import Share


@dataclass(frozen=True, slots=True)
class SharedPost:
    """A visible post with the number of visitors that somebody's link brought it."""

    post_id: int
    is_answer: bool
    title: str
    visitor_count: int


@dataclass(frozen=True, slots=True)
class Shares:
    """The links of a person that brought most visitors, and how many all of them brought."""

    best: tuple[SharedPost, ...]
    visitor_count: int


_thread = aliased(Post, name="thread")
_best: Select[*tuple[Any, ...]] = (
    select(
        func.sum(Share.visitor_count).over(),
        Post.id, Post.question_id.is_not(None), _thread.title, Share.visitor_count,
    )
    .join(Post, Post.id == Share.post_id)
    .join(_thread, _thread.id == func.coalesce(Post.question_id, Post.id))
    .where(Share.user_id == bindparam("user_id"), Post.deleted_at.is_(None), _thread.deleted_at.is_(None))
    .order_by(Share.visitor_count.desc(), Share.first_at.desc(), Post.id)
    .limit(bindparam("limit"))
)  # fmt: skip


def shares_of(session: Session, user_id: int, *, limit: int = 5) -> Shares:
    """Return what somebody's links brought; one statement."""
    rows = session.execute(_best, {"user_id": user_id, "limit": limit}).all()
    return Shares(tuple(SharedPost(*row[1:]) for row in rows), int(rows[0][0]) if rows else 0)
