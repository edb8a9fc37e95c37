"""The list of the questions that somebody follows."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from forum.core.paging import Cursor, Page, paged, place
from forum.follows.models import Follow
from forum.posts.models import Post
from forum.posts.queries.lists import IS_VISIBLE_QUESTION, ROWS, QuestionRow, row_of


@dataclass(frozen=True, slots=True)
class FollowedQuestion:
    """A question that somebody follows, and how many answers of others came since they last opened it."""

    question: QuestionRow
    follower_count: int
    new_answer_count: int


_user_id = bindparam("user_id", type_=Follow.user_id.type)
_followed = (
    select(Post.id.label("id"), Follow.seen_until)
    .join(Follow, Follow.question_id == Post.id)
    .where(Follow.user_id == _user_id, Follow.is_on, IS_VISIBLE_QUESTION)
)
_answer = aliased(Post, name="answer")


def followed(session: Session, user_id: int, cursor: Cursor | None) -> Page[FollowedQuestion]:
    """Return a page of what a person follows, that with the latest activity first; one statement."""
    # The page is cut out first, so that answers are counted for its questions alone.
    shown = place(_followed, cursor, key=Post.active_at, id=Post.id).subquery("shown")
    new = select(func.count()).where(
        _answer.question_id == shown.c.id,
        _answer.deleted_at.is_(None),
        _answer.created_at > shown.c.seen_until,
        func.coalesce(_answer.author_id, 0) != _user_id,
    )
    columns = (Post.follower_count, new.correlate(shown).scalar_subquery())
    statement = ROWS.join(shown, shown.c.id == Post.id).add_columns(*columns)
    ordered = place(statement, cursor, key=Post.active_at, id=Post.id)
    rows = session.execute(ordered, {"user_id": user_id}).all()
    questions = [FollowedQuestion(row_of(row[: -len(columns)]), *row[-len(columns) :]) for row in rows]
    return paged(questions, cursor, place_of=lambda row: (row.question.active_at, row.question.id))
