"""What feeds read besides the lists: whole texts, and what was written last in a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.posts.models import Comment, Post
from forum.posts.queries.lists import Statement


@dataclass(frozen=True, slots=True)
class WholeText:
    """A visible question or answer with all that it says; title and tags are those of the question."""

    id: int
    question_id: int
    title: str
    slug: str
    tags: tuple[str, ...]
    html: str
    created_at: datetime
    edited_at: datetime | None
    active_at: datetime
    author_id: int | None
    author_name: str | None


@dataclass(frozen=True, slots=True)
class Remark:
    """A visible comment in a thread."""

    id: int
    post_id: int
    is_on_answer: bool
    html: str
    created_at: datetime
    edited_at: datetime | None
    author_id: int | None
    author_name: str | None


_thread = aliased(Post, name="thread")
_visible = Post.deleted_at.is_(None) & _thread.deleted_at.is_(None)
_texts: Statement = (
    select(
        Post.id, _thread.id, _thread.title, _thread.slug, _thread.tag_names, Post.html, Post.created_at,
        Post.edited_at, _thread.active_at, Post.author_id, func.coalesce(User.name, Post.author_name),
    )
    .join(_thread, _thread.id == func.coalesce(Post.question_id, Post.id))
    .outerjoin(User, User.id == Post.author_id)
    .where(_visible)
)  # fmt: skip
_by_id = _texts.where(Post.id.in_(bindparam("ids", expanding=True)))
_of_thread = or_(Post.id == bindparam("question_id"), Post.question_id == bindparam("question_id"))
_latest_texts = (
    _texts.where(_of_thread).order_by(Post.created_at.desc(), Post.id.desc()).limit(bindparam("limit"))
)
_latest_remarks: Statement = (
    select(
        Comment.id, Comment.post_id, Post.question_id.is_not(None), Comment.html, Comment.created_at,
        Comment.edited_at, Comment.author_id, func.coalesce(User.name, Comment.author_name),
    )
    .join(Post, Post.id == Comment.post_id)
    .join(_thread, _thread.id == func.coalesce(Post.question_id, Post.id))
    .outerjoin(User, User.id == Comment.author_id)
    .where(_of_thread, _visible, Comment.deleted_at.is_(None))
    .order_by(Comment.created_at.desc(), Comment.id.desc())
    .limit(bindparam("limit"))
)  # fmt: skip


def whole_texts(session: Session, post_ids: Sequence[int]) -> tuple[WholeText, ...]:
    """Return those of the posts that everybody can see, in the order of `post_ids`; one statement."""
    found = {row[0]: row for row in session.execute(_by_id, {"ids": list(post_ids)})}
    return tuple(_whole(*found[id]) for id in post_ids if id in found)


def latest_in_thread(
    session: Session, question_id: int, *, limit: int
) -> tuple[tuple[WholeText, ...], tuple[Remark, ...]]:
    """Return the posts and the comments that were written last in a visible thread; two statements."""
    values = {"question_id": question_id, "limit": limit}
    texts = tuple(_whole(*row) for row in session.execute(_latest_texts, values))
    return texts, tuple(Remark(*row) for row in session.execute(_latest_remarks, values))


def _whole(id: int, question_id: int, title: str, slug: str, tag_names: str, *rest: Any) -> WholeText:
    return WholeText(id, question_id, title, slug, tuple(tag_names.split()), *rest)
