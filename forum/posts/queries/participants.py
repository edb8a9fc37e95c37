"""Who takes part in a thread."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session

from forum.posts.models import Comment, Post

MOST = 100
"""Participants that are looked for; nobody reads a longer list."""

_LARGEST_ID = 2**63 - 1

_thread_id: BindParameter[int] = bindparam("thread_id")
_is_in_thread = or_(Post.id == _thread_id, Post.question_id == _thread_id)
_wrote = union_all(
    select(Post.author_id, Post.created_at).where(_is_in_thread, Post.deleted_at.is_(None)),
    select(Comment.author_id, Comment.created_at)
    .join(Post, Post.id == Comment.post_id)
    .where(_is_in_thread, Post.deleted_at.is_(None), Comment.deleted_at.is_(None)),
).subquery()
_participants = (
    select(_wrote.c.author_id)
    .where(_wrote.c.author_id.is_not(None))
    .group_by(_wrote.c.author_id)
    .order_by(func.max(_wrote.c.created_at).desc(), _wrote.c.author_id)
    .limit(MOST)
)


def participants(session: Session, thread_id: int) -> Sequence[int]:
    """Return the ids of those who wrote something visible in a thread, the latest first; one statement."""
    if thread_id > _LARGEST_ID:
        return []
    return session.scalars(_participants, {"thread_id": thread_id}).all()
