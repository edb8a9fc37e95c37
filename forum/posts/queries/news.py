"""What has come to a thread since somebody opened it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.rules import Actor
from forum.posts.models import Comment, Post


@dataclass(frozen=True, slots=True)
class News:
    """How many visible answers and comments of others are newer than a moment."""

    answers: int
    comments: int


_since: BindParameter[datetime] = bindparam("since")
_reader: BindParameter[int] = bindparam("reader")
_commented = aliased(Post, name="commented")
_id: BindParameter[int] = bindparam("question_id")
_answers = select(func.count()).where(
    Post.question_id == _id,
    Post.deleted_at.is_(None),
    Post.created_at > _since,
    func.coalesce(Post.author_id, 0) != _reader,
)
_comments = (
    select(func.count())
    .select_from(Comment)
    .join(_commented, _commented.id == Comment.post_id)
    .where(
        or_(_commented.id == _id, _commented.question_id == _id),
        _commented.deleted_at.is_(None),
        Comment.deleted_at.is_(None),
        Comment.created_at > _since,
        func.coalesce(Comment.author_id, 0) != _reader,
    )
)
_news = select(_answers.scalar_subquery(), _comments.scalar_subquery()).where(
    select(literal_column("1"))
    .where(Post.id == _id, Post.kind == literal_column("'question'"), Post.deleted_at.is_(None))
    .exists()
)


def since(session: Session, viewer: Actor | None, question_id: int, moment: datetime) -> News | None:
    """Return what others wrote after a moment, or None for a question that is not there; one statement."""
    values = {"question_id": question_id, "since": moment, "reader": viewer.id if viewer else 0}
    row = session.execute(_news, values).one_or_none()
    return News(*row) if row else None
