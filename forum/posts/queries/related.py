"""Which questions want their related ones looked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session

from forum.posts.models import Post, RelatedQuestions

WINDOW = 5_000
"""Ids that are gone over at once for questions without related ones; a few milliseconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question says, to look for others that say the same."""

    id: int
    title: str
    html: str
    tags: tuple[str, ...]


_is_question = (Post.kind == literal_column("'question'"), Post.deleted_at.is_(None))
_has_none = RelatedQuestions.question_id.is_(None)
_asked: Select[*tuple[Any, ...]] = (
    select(Post.id, Post.title, Post.html, Post.tag_names)
    .outerjoin(RelatedQuestions, RelatedQuestions.question_id == Post.id)
    .where(
        Post.id.in_(bindparam("ids", expanding=True)),
        *_is_question,
        or_(
            _has_none,
            Post.edited_at > RelatedQuestions.found_at,
            RelatedQuestions.found_at < bindparam("before"),
        ),
    )
)
_without = (
    select(Post.id)
    .outerjoin(RelatedQuestions, RelatedQuestions.question_id == Post.id)
    .where(Post.id > bindparam("after"), Post.id <= bindparam("until"), *_is_question, _has_none)
    .order_by(Post.id)
)
_last = select(func.max(Post.id))
_before = (
    select(RelatedQuestions.question_id)
    .where(RelatedQuestions.found_at < bindparam("before"))
    .order_by(RelatedQuestions.found_at)
    .limit(bindparam("limit"))
)


def unlooked(session: Session, ids: Collection[int], *, before: datetime) -> tuple[Asked, ...]:
    """Return those of the visible questions whose related ones were not looked for since.

    That is since they were last edited, nor since the moment `before`.
    """
    found = session.execute(_asked, {"ids": list(ids), "before": before})
    return tuple(Asked(row.id, row.title, row.html, tuple(row.tag_names.split())) for row in found)


def without_related(session: Session, *, after: int) -> tuple[Sequence[int], int | None]:
    """Return the visible questions that none were looked for, of the next `WINDOW` ids greater than `after`.

    Return besides where to go on, or None beyond the last post.
    """
    until = after + WINDOW
    found = session.scalars(_without, {"after": after, "until": until}).all()
    last = session.scalar(_last) or 0
    return found, until if until < last else None


def looked_before(session: Session, moment: datetime, *, limit: int) -> Sequence[int]:
    """Return questions whose related ones were looked for before the moment, the longest ago first."""
    return session.scalars(_before, {"before": moment, "limit": limit}).all()
