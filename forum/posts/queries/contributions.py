"""How much somebody wrote on each day."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import Integer, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import Session

from forum.core.days import UtcDay
from forum.core.tables import UtcDateTime
from forum.posts.models import Comment, Post, Revision


@dataclass(frozen=True, slots=True)
class Contributions:
    """What somebody did in a time, as numbers of things."""

    questions: int = 0
    answers: int = 0
    comments: int = 0
    edits: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.questions + self.answers + self.comments + self.edits

    def __add__(self, other: "Contributions") -> "Contributions":
        """Return both together."""
        return Contributions(*(getattr(self, kind.name) + getattr(other, kind.name) for kind in fields(self)))


_FIELDS = {"question": "questions", "answer": "answers", "comment": "comments", "edit": "edits"}
_person = bindparam("person_id", type_=Integer())
_since = bindparam("since", type_=UtcDateTime())
_written = union_all(
    select(Post.kind.label("kind"), Post.created_at.label("at")).where(
        Post.author_id == _person, Post.created_at >= _since, Post.deleted_at.is_(None)
    ),
    select(literal_column("'comment'"), Comment.created_at).where(
        Comment.author_id == _person, Comment.created_at >= _since, Comment.deleted_at.is_(None)
    ),
    # The first revision is the question, answer or comment itself.
    select(literal_column("'edit'"), Revision.created_at).where(
        Revision.author_id == _person, Revision.created_at >= _since, Revision.number > literal_column("1")
    ),
).subquery()
_day = UtcDay(_written.c.at)
_by_day = select(_day, _written.c.kind, func.count()).group_by(_day, _written.c.kind)


def contributions_by_day(session: Session, user_id: int, *, since: datetime) -> Mapping[date, Contributions]:
    """Return what somebody contributed since a moment, by days in UTC; one statement.

    Days of nothing are left out. Questions, answers and comments that are deleted do not count.
    """
    found: dict[date, dict[str, int]] = defaultdict(dict)
    for day, kind, count in session.execute(_by_day, {"person_id": user_id, "since": since}):
        found[day][_FIELDS[kind]] = count
    return {day: Contributions(**counts) for day, counts in found.items()}
