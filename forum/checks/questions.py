"""What a question repeats for the lists: its place among the hot ones, its slug, the names of its tags."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select, update
from sqlalchemy.orm import Session

from forum.checks.differences import Difference
from forum.checks.posts import lock_threads
from forum.checks.windows import portions, windows
from forum.core.db import Database
from forum.posts.models import Post
from forum.posts.rules import hotness, slugify
from forum.tags.models import QuestionTag, Tag

_question = select(
    Post.id, Post.title, Post.slug, Post.tag_names, Post.hot,
    Post.score, Post.answer_count, Post.upvoted_answer_count, Post.created_at,
).where(Post.kind == "question")  # fmt: skip


class Questions:
    """The columns of a question that Python computes."""

    name = "questions"

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield the questions whose columns are not what they are derived from."""
        for window in windows(session, Post.id):
            for row, expected in _questions(session, window.holds(Post.id)):
                for column, value in expected.items():
                    found = row._mapping[column]
                    if found != value:
                        yield Difference(f"post.{column}", row.id, str(value), str(found))

    def repair(self, database: Database) -> None:
        """Set the columns again, under the lock of each thread."""
        with database.reading() as session:
            wrong = [difference.id for difference in self.differences(session)]
        for ids in portions(wrong):
            with database.transaction() as session:
                session.execute(lock_threads(ids)).all()
                rows = [
                    {"row_id": row.id, **expected} for row, expected in _questions(session, Post.id.in_(ids))
                ]
                if rows:
                    session.connection().execute(_MENDED, rows)


def _questions(
    session: Session, condition: ColumnElement[bool]
) -> Iterator[tuple[Row[*tuple[Any, ...]], dict[str, Any]]]:
    """Yield questions with what their derived columns should be; two statements."""
    rows = session.execute(_question.where(condition)).all()
    names = _tag_names(session, [row.id for row in rows])
    for row in rows:
        yield row, _expected(row, names.get(row.id, ""))


def _expected(row: Row[*tuple[Any, ...]], tag_names: str) -> dict[str, Any]:
    hot = hotness(
        score=row.score,
        answer_count=row.answer_count,
        upvoted_answer_count=row.upvoted_answer_count,
        created_at=row.created_at,
    )
    return {"hot": hot, "slug": slugify(row.title), "tag_names": tag_names}


def _tag_names(session: Session, question_ids: Sequence[int]) -> Mapping[int, str]:
    statement = (
        select(QuestionTag.question_id, Tag.name)
        .join(Tag, Tag.id == QuestionTag.tag_id)
        .where(QuestionTag.question_id.in_(question_ids))
        .order_by(QuestionTag.question_id, QuestionTag.position)
    )
    names: dict[int, str] = {}
    for question_id, name in session.execute(statement):
        names[question_id] = f"{names[question_id]} {name}" if question_id in names else name
    return names


_MENDED = (
    update(Post)
    .where(Post.id == bindparam("row_id"))
    .values({column: bindparam(column) for column in ("hot", "slug", "tag_names")})
)

QUESTIONS = Questions()
