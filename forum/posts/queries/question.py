"""What the page of a question reads; every function is one statement, whatever the number of answers.

Rows are named tuples, of which pages make many: that takes a fifth of the time that frozen data classes take,
and comparing them with what parts are kept by takes less than half.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    SQLColumnExpression,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union,
)
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core.prepared import Prepared
from forum.core.reading import row, rows
from forum.posts.models import Comment, Post, QuestionLink, RelatedQuestions
from forum.posts.queries.lists import IS_VISIBLE_QUESTION, TITLE_COLUMNS, QuestionTitle, Statement, title_of
from forum.posts.rules import ANSWERS_PER_PAGE

LINKED_LIMIT = 25
"""How many linked questions are shown at most."""


class AnswerOrder(StrEnum):
    """How answers are sorted below the accepted one."""

    SCORE = "score"
    NEWEST = "newest"
    OLDEST = "oldest"
    ACTIVE = "active"


class PostRow(NamedTuple):
    """A question or an answer as it is read."""

    id: int
    html: str
    score: int
    created_at: datetime
    edited_at: datetime | None
    revision_count: int
    deleted_at: datetime | None
    deleted_by_id: int | None
    deleted_by_name: str | None
    author_id: int | None
    author_name: str | None
    author_reputation: int | None
    editor_id: int | None
    editor_name: str | None
    outdated_count: int


class Question(NamedTuple):
    """A question with what answers don't have."""

    post: PostRow
    title: str
    slug: str
    excerpt: str
    tags: tuple[str, ...]
    related_ids: tuple[int, ...]
    """Questions about the same, the most similar first; they may be deleted."""
    accepted_answer_id: int | None
    answer_count: int
    upvoted_answer_count: int
    follower_count: int
    active_at: datetime
    closed_at: datetime | None
    closed_reason: str | None
    duplicate_of_id: int | None
    duplicate_title: str | None
    duplicate_slug: str | None


class CommentRow(NamedTuple):
    """A comment as it is read."""

    id: int
    post_id: int
    html: str
    score: int
    created_at: datetime
    edited_at: datetime | None
    revision_count: int
    deleted_at: datetime | None
    author_id: int | None
    author_name: str | None


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where an answer stands: its question, and the page of it that shows the answer."""

    question_id: int
    slug: str
    page: int


_author = aliased(User, name="author")
_editor = aliased(User, name="editor")
_deleter = aliased(User, name="deleter")
_original = aliased(Post, name="original")
_POST_COLUMNS = (
    Post.id, Post.html, Post.score, Post.created_at, Post.edited_at, Post.revision_count, Post.deleted_at,
    Post.deleted_by_id, _deleter.name, Post.author_id, func.coalesce(_author.name, Post.author_name),
    _author.reputation, Post.editor_id, _editor.name, Post.outdated_count,
)  # fmt: skip
_POST_WIDTH = len(_POST_COLUMNS)
_sees_all = bindparam("sees_all", type_=Boolean())


def _seen(deleted_at: SQLColumnExpression[Any], author_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether the viewer may see a row: nobody but its author and moderators sees a deleted one."""
    return or_(deleted_at.is_(None), author_id == bindparam("viewer_id"), _sees_all)


_post_is_seen = _seen(Post.deleted_at, Post.author_id)
_question = Prepared(
    select(
        *_POST_COLUMNS, Post.title, Post.slug, Post.excerpt, Post.tag_names, RelatedQuestions.ids,
        Post.accepted_answer_id, Post.answer_count, Post.upvoted_answer_count,
        Post.follower_count, Post.active_at, Post.closed_at, Post.closed_reason, _original.id,
        _original.title, _original.slug, Post.view_count,
    )
    .outerjoin(_author, _author.id == Post.author_id)
    .outerjoin(_editor, _editor.id == Post.editor_id)
    .outerjoin(_deleter, _deleter.id == Post.deleted_by_id)
    .outerjoin(RelatedQuestions, RelatedQuestions.question_id == Post.id)
    .outerjoin(_original, and_(_original.id == Post.duplicate_of_id, _original.deleted_at.is_(None)))
    .where(Post.id == bindparam("question_id"), Post.kind == literal_column("'question'"), _post_is_seen)
)  # fmt: skip
# The accepted answer comes first and deleted ones last, whatever the sort.
_FIRST = (case((Post.deleted_at.is_not(None), 2), (Post.id == bindparam("accepted_answer_id"), 0), else_=1),)
_BY: dict[AnswerOrder, tuple[SQLColumnExpression[Any], ...]] = {
    AnswerOrder.SCORE: (*_FIRST, Post.score.desc(), Post.created_at, Post.id),
    AnswerOrder.NEWEST: (*_FIRST, Post.created_at.desc(), Post.id.desc()),
    AnswerOrder.OLDEST: (*_FIRST, Post.created_at, Post.id),
    AnswerOrder.ACTIVE: (*_FIRST, func.coalesce(Post.edited_at, Post.created_at).desc(), Post.id.desc()),
}
_answers: Statement = (
    select(*_POST_COLUMNS, func.count().over())
    .outerjoin(_author, _author.id == Post.author_id)
    .outerjoin(_editor, _editor.id == Post.editor_id)
    .outerjoin(_deleter, _deleter.id == Post.deleted_by_id)
    .where(Post.question_id == bindparam("question_id"), _post_is_seen)
    .limit(ANSWERS_PER_PAGE)
    .offset(bindparam("offset"))
)
_answers_by = {order: Prepared(_answers.order_by(*columns)) for order, columns in _BY.items()}
_answer = Prepared(
    select(*_POST_COLUMNS, Post.question_id)
    .outerjoin(_author, _author.id == Post.author_id)
    .outerjoin(_editor, _editor.id == Post.editor_id)
    .outerjoin(_deleter, _deleter.id == Post.deleted_by_id)
    .where(Post.id == bindparam("post_id"), Post.kind == literal_column("'answer'"), _post_is_seen)
)
_comments = Prepared(
    select(
        Comment.id, Comment.post_id, Comment.html, Comment.score, Comment.created_at, Comment.edited_at,
        Comment.revision_count, Comment.deleted_at, Comment.author_id,
        func.coalesce(_author.name, Comment.author_name),
    )
    .outerjoin(_author, _author.id == Comment.author_id)
    .where(
        Comment.post_id.in_(bindparam("post_ids", expanding=True)),
        _seen(Comment.deleted_at, Comment.author_id),
    )
    .order_by(Comment.post_id, Comment.created_at, Comment.id)
)  # fmt: skip
_neighbour = union(
    select(QuestionLink.to_id.label("id")).where(QuestionLink.from_id == bindparam("question_id")),
    select(QuestionLink.from_id).where(QuestionLink.to_id == bindparam("question_id")),
).subquery()
_linked = (
    select(*TITLE_COLUMNS, literal_column("1").label("is_linked"))
    .join(_neighbour, _neighbour.c.id == Post.id)
    .where(IS_VISIBLE_QUESTION)
    .order_by(Post.score.desc(), Post.id.desc())
    .limit(LINKED_LIMIT)
    .subquery()
)
# By one statement, because the page of a question pays for each.
_around = Prepared(
    select(_linked).union_all(
        select(*TITLE_COLUMNS, literal_column("0").label("is_linked")).where(
            IS_VISIBLE_QUESTION, Post.id.in_(bindparam("ids", expanding=True))
        )
    )
)
_thread = aliased(Post, name="thread")
_rank = (
    select(Post.id, func.row_number().over(order_by=_BY[AnswerOrder.SCORE]).label("place"))
    .where(Post.question_id == bindparam("question_id"), _post_is_seen)
    .subquery()
)
_place = Prepared(select(_rank.c.place).where(_rank.c.id == bindparam("answer_id")))
_thread_of = Prepared(
    select(_thread.id, _thread.slug, _thread.accepted_answer_id)
    .join(Post, Post.question_id == _thread.id)
    .where(
        Post.id == bindparam("answer_id"),
        _post_is_seen,
        _seen(_thread.deleted_at, _thread.author_id),
    )
)


def question(session: Session, question_id: int, viewer: Actor | None) -> Question | None:
    """Return a question, or None when there is none that the viewer may see."""
    found = with_views(session, question_id, viewer)
    return found[0] if found else None


def with_views(session: Session, question_id: int, viewer: Actor | None) -> tuple[Question, int] | None:
    """Return a question and how often it was looked at, or None when the viewer may see none with this id."""
    found = row(session, _question, question_id=question_id, **_eyes(viewer))
    if found is None:
        return None
    title, slug, excerpt, tag_names, related, *rest, view_count = found[_POST_WIDTH:]
    post, tags = PostRow(*found[:_POST_WIDTH]), tuple(tag_names.split())
    related_ids = tuple(map(int, (related or "").split()))
    return Question(post, title, slug, excerpt, tags, related_ids, *rest), view_count


def answers(
    session: Session, of: Question, viewer: Actor | None, *, order: AnswerOrder, page: int
) -> tuple[tuple[PostRow, ...], int]:
    """Return a page of the answers to a question, and how many there are on all pages (0 beyond the last)."""
    found = rows(
        session,
        _answers_by[order],
        question_id=of.post.id,
        accepted_answer_id=of.accepted_answer_id,
        offset=(page - 1) * ANSWERS_PER_PAGE,
        **_eyes(viewer),
    )
    return tuple(PostRow(*answer[:_POST_WIDTH]) for answer in found), found[0][_POST_WIDTH] if found else 0


def thread_of(session: Session, post_id: int, viewer: Actor | None) -> tuple[Question, PostRow] | None:
    """Return a question or an answer with its question, or None when the viewer may not see it.

    Two statements at most.
    """
    found = row(session, _answer, post_id=post_id, **_eyes(viewer))
    thread = question(session, found[_POST_WIDTH] if found else post_id, viewer)
    if thread is None:
        return None
    return thread, PostRow(*found[:_POST_WIDTH]) if found else thread.post


def comments(session: Session, post_ids: Sequence[int], viewer: Actor | None) -> tuple[CommentRow, ...]:
    """Return all comments on some posts, by post and then in the order of time."""
    found = rows(session, _comments, post_ids=list(post_ids), **_eyes(viewer))
    return tuple(CommentRow(*comment) for comment in found)


def around(
    session: Session, question_id: int, related_ids: Sequence[int]
) -> tuple[tuple[QuestionTitle, ...], tuple[QuestionTitle, ...]]:
    """Return the visible questions that lie around one.

    First those that its thread points to or that point to it, the best first; then those of `related_ids`, in
    that order, which are not among them.
    """
    found = rows(session, _around, question_id=question_id, ids=list(related_ids))
    linked, related = (
        {columns[0]: title_of(columns) for *columns, kind in found if kind == wanted} for wanted in (1, 0)
    )
    others = [id for id in related_ids if id in related and id not in linked and id != question_id]
    best = sorted(linked.values(), key=lambda title: (title.score, title.id), reverse=True)
    return tuple(best), tuple(related[id] for id in others)


def place_of_answer(session: Session, answer_id: int, viewer: Actor | None) -> AnswerPlace | None:
    """Return where an answer stands in the default order, or None for one that the viewer may not see.

    Two statements.
    """
    thread = row(session, _thread_of, answer_id=answer_id, **_eyes(viewer))
    if thread is None:
        return None
    question_id, slug, accepted_answer_id = thread
    ((place,),) = rows(
        session,
        _place,
        answer_id=answer_id,
        question_id=question_id,
        accepted_answer_id=accepted_answer_id,
        **_eyes(viewer),
    )
    return AnswerPlace(question_id=question_id, slug=slug, page=(place - 1) // ANSWERS_PER_PAGE + 1)


def _eyes(viewer: Actor | None) -> dict[str, int | bool | None]:
    if viewer is None:
        return {"viewer_id": None, "sees_all": False}
    return {"viewer_id": viewer.id, "sees_all": viewer.is_moderator}
