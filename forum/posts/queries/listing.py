"""What search engines are told of: addresses in portions by id, and who has written anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.posts.models import Post
from forum.posts.queries.lists import IS_VISIBLE_QUESTION, Statement

_FETCHED = 1000
"""Rows that are held in memory at once."""


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """A question with an address worth finding."""

    id: int
    slug: str
    active_at: datetime


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody who has written something that everybody can see."""

    id: int
    name: str


_thread = aliased(Post, name="thread")
# Grouped by the name of the column: PostgreSQL takes two parameters of one value for two expressions.
_portion: ColumnElement[int] = literal_column("portion")
_question_portions: Statement = (
    select((Post.id // bindparam("size")).label("portion"), func.max(Post.active_at))
    .where(IS_VISIBLE_QUESTION)
    .group_by(_portion)
    .order_by(_portion)
)
# As rules.leads_elsewhere has it.
_leads_nowhere_else = or_(Post.closed_at.is_(None), Post.duplicate_of_id.is_(None), Post.answer_count > 0)
_questions: Statement = (
    select(Post.id, Post.slug, Post.active_at)
    .where(IS_VISIBLE_QUESTION, _leads_nowhere_else, Post.id.between(bindparam("first"), bindparam("last")))
    .order_by(Post.id)
)
_has_written = (
    exists()
    .where(Post.author_id == User.id, Post.deleted_at.is_(None))
    .where(_thread.id == func.coalesce(Post.question_id, Post.id), _thread.deleted_at.is_(None))
)
_people_portions: Statement = (
    select((User.id // bindparam("size")).label("portion"))
    .where(_has_written)
    .group_by(_portion)
    .order_by(_portion)
)
_people: Statement = (
    select(User.id, User.name)
    .where(_has_written, User.id.between(bindparam("first"), bindparam("last")))
    .order_by(User.id)
)


def question_portions(session: Session, size: int) -> tuple[tuple[int, datetime], ...]:
    """Return which portions of `size` ids have visible questions, with their latest activity; one statement.

    Portion n begins at the id n * size.
    """
    return tuple((row[0], row[1]) for row in session.execute(_question_portions, {"size": size}))


def questions_between(session: Session, first: int, last: int) -> Iterator[ListedQuestion]:
    """Yield the questions of some ids that a search engine should know; one statement, read bit by bit."""
    rows = session.execute(_questions, {"first": first, "last": last}, execution_options=_in_bits())
    return (ListedQuestion(*row) for row in rows)


def people_portions(session: Session, size: int) -> tuple[int, ...]:
    """Return which portions of `size` ids have people who have written something; one statement."""
    return tuple(session.scalars(_people_portions, {"size": size}))


def people_between(session: Session, first: int, last: int) -> Iterator[ListedPerson]:
    """Yield the people of some ids who have written something; one statement, read bit by bit."""
    rows = session.execute(_people, {"first": first, "last": last}, execution_options=_in_bits())
    return (ListedPerson(*row) for row in rows)


def _in_bits() -> dict[str, int]:
    return {"yield_per": _FETCHED}
