"""Bringing what is derived from votes, answers and comments in step with them."""

from collections.abc import Collection

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, aliased

from forum.posts.models import Comment, Post
from forum.posts.rules import hotness
from forum.votes.models import Vote


def recount(session: Session, *, post_ids: Collection[int], question_ids: Collection[int]) -> None:
    """Set scores and counters of posts, and what questions say about their answers."""
    voted = select(func.coalesce(func.sum(Vote.value), 0)).where(Vote.post_id == Post.id).scalar_subquery()
    remarks = (Comment.post_id == Post.id, Comment.deleted_at.is_(None))
    commented = select(func.count(Comment.id)).where(*remarks).scalar_subquery()
    counted = update(Post).where(Post.id.in_(post_ids))
    session.execute(
        counted.values(score=Post.base_score + voted, comment_count=commented), **_unsynchronised()
    )

    answer = aliased(Post)
    answers = select(func.count(answer.id)).where(answer.question_id == Post.id, answer.deleted_at.is_(None))
    summed = update(Post).where(Post.id.in_(question_ids))
    session.execute(
        summed.values(
            answer_count=answers.scalar_subquery(),
            upvoted_answer_count=answers.where(answer.score > 0).scalar_subquery(),
        ),
        **_unsynchronised(),
    )
    _warm(session, question_ids)


def _warm(session: Session, question_ids: Collection[int]) -> None:
    """Set the sort key of the hot list."""
    columns = (Post.id, Post.score, Post.answer_count, Post.upvoted_answer_count, Post.created_at)
    rows = session.execute(select(*columns).where(Post.id.in_(question_ids))).all()
    keys = [
        {
            "id": row.id,
            "hot": hotness(
                score=row.score,
                answer_count=row.answer_count,
                upvoted_answer_count=row.upvoted_answer_count,
                created_at=row.created_at,
            ),
        }
        for row in rows
    ]
    if keys:
        session.execute(update(Post), keys)


def _unsynchronised() -> dict[str, dict[str, bool]]:
    """Keep the session from looking for entities to update: an import has none."""
    return {"execution_options": {"synchronize_session": False}}
