"""Threads as the index wants them, read from the database."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Row, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.posts.models import Comment, Post, QuestionLink
from forum.posts.rules import is_outdated
from forum.search.plain_text import plain_text
from forum.search.threads import AnswerText, ThreadDocument

BATCH = 200
"""Threads that are read at once: four statements, and a few megabytes of text."""

MOST_ASKED_AS = 50
"""Titles of duplicates that a thread is found by, the oldest: more would drown what it says itself."""

_Rows: TypeAlias = Mapping[int, Sequence[Row[*tuple[Any, ...]]]]

_ids: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_is_question = Post.kind == literal_column("'question'")
_questions: Select[*tuple[Any, ...]] = (
    select(
        Post.id, Post.title, Post.html, Post.tag_names, Post.score, Post.answer_count, Post.created_at,
        Post.active_at, Post.accepted_answer_id, Post.closed_at, Post.author_id,
        func.coalesce(User.name, Post.author_name, "").label("author_name"),
    )
    .outerjoin(User, User.id == Post.author_id)
    .where(Post.id.in_(_ids), _is_question, Post.deleted_at.is_(None))
)  # fmt: skip
_answers: Select[*tuple[Any, ...]] = (
    select(
        Post.id, Post.question_id, Post.html, Post.score, Post.created_at, Post.author_id,
        Post.outdated_count, func.coalesce(User.name, Post.author_name, "").label("author_name"),
    )
    .outerjoin(User, User.id == Post.author_id)
    .where(Post.question_id.in_(_ids), Post.deleted_at.is_(None))
    .order_by(Post.question_id, Post.id)
)  # fmt: skip
_post = aliased(Post, name="commented")
_comments: Select[*tuple[Any, ...]] = (
    select(func.coalesce(_post.question_id, _post.id).label("question_id"), Comment.html)
    .join(_post, _post.id == Comment.post_id)
    .where(
        _post.id.in_(_ids) | _post.question_id.in_(_ids),
        _post.deleted_at.is_(None),
        Comment.deleted_at.is_(None),
    )
    .order_by(Comment.post_id, Comment.created_at, Comment.id)
)
_repeating = aliased(Post, name="repeating")
_repeated_as = (
    select(QuestionLink.to_id.label("question_id"), _repeating.title)
    .join(_repeating, _repeating.id == QuestionLink.from_id)
    .where(
        QuestionLink.to_id.in_(_ids),
        QuestionLink.kind == literal_column("'duplicate'"),
        _repeating.deleted_at.is_(None),
    )
    .order_by(QuestionLink.to_id, _repeating.id)
)
_count = select(func.count()).where(_is_question, Post.deleted_at.is_(None))
_next_ids = (
    select(Post.id)
    .where(_is_question, Post.deleted_at.is_(None), Post.id > bindparam("after"))
    .order_by(Post.id)
    .limit(BATCH)
)


def documents(session: Session, thread_ids: Sequence[int]) -> Iterator[ThreadDocument]:
    """Yield the documents of those of the threads that everybody can see, in no particular order.

    Four statements for each `BATCH` of threads, however many answers and comments they have.
    """
    left = iter(dict.fromkeys(thread_ids))
    while ids := list(islice(left, BATCH)):
        values = {"ids": ids}
        questions = session.execute(_questions, values).all()
        answers = _by_question(session.execute(_answers, values))
        comments = _by_question(session.execute(_comments, values))
        titles = _by_question(session.execute(_repeated_as, values))
        for question in questions:
            asked_as = tuple(row.title for row in titles[question.id][:MOST_ASKED_AS])
            yield _document(question, answers[question.id], comments[question.id], asked_as)


def visible_thread_ids(session: Session, *, after: int = 0) -> Sequence[int]:
    """Return the next `BATCH` ids of visible questions that are greater than `after`, in rising order."""
    return session.scalars(_next_ids, {"after": after}).all()


def visible_thread_count(session: Session) -> int:
    """Count the visible questions."""
    return session.execute(_count).scalar_one()


def _by_question(rows: Any) -> _Rows:
    found: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        found[row.question_id].append(row)
    return found


def _document(
    question: Row[*tuple[Any, ...]],
    answers: Sequence[Row[*tuple[Any, ...]]],
    comments: Sequence[Row[*tuple[Any, ...]]],
    asked_as: tuple[str, ...],
) -> ThreadDocument:
    body = plain_text(question.html)
    return ThreadDocument(
        thread_id=question.id,
        title=question.title,
        question=body.text,
        answers=tuple(_answer(row, question.accepted_answer_id) for row in answers),
        comments="\n".join(plain_text(row.html).text for row in comments),
        code=body.code,
        tags=tuple(question.tag_names.split()),
        author_id=question.author_id,
        author_name=question.author_name,
        score=question.score,
        answer_count=question.answer_count,
        created_at=question.created_at,
        active_at=question.active_at,
        has_accepted=question.accepted_answer_id is not None,
        is_closed=question.closed_at is not None,
        asked_as=asked_as,
    )


def _answer(row: Row[*tuple[Any, ...]], accepted_answer_id: int | None) -> AnswerText:
    body = plain_text(row.html)
    return AnswerText(
        post_id=row.id,
        text=body.text,
        accepted=row.id == accepted_answer_id,
        score=row.score,
        author_id=row.author_id,
        created_at=row.created_at,
        author_name=row.author_name,
        code=body.code,
        outdated=is_outdated(row.outdated_count),
    )
