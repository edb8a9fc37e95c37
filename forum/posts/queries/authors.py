"""What somebody wrote, for the page of that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Boolean, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.rules import Actor
from forum.core.paging import Cursor, Key, Page, paged, place
from forum.posts.models import Post
from forum.posts.queries.lists import Statement
from forum.posts.rules import may_see_deleted
from forum.tags.models import QuestionTag, Tag


class AuthoredOrder(StrEnum):
    """What the lists of somebody's posts are sorted by, the greatest or latest first."""

    SCORE = "score"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class AuthoredPost:
    """A question or an answer as its author's page lists it; title and slug are those of the question."""

    id: int
    question_id: int
    title: str
    slug: str
    score: int
    answer_count: int
    is_accepted: bool
    created_at: datetime
    is_deleted: bool

    def key(self, order: AuthoredOrder) -> Key:
        """Return what the post is sorted by."""
        return self.score if order is AuthoredOrder.SCORE else self.created_at


@dataclass(frozen=True, slots=True)
class PostTitle:
    """The question that a post is, or belongs to."""

    question_id: int
    title: str
    slug: str
    is_answer: bool
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class TopTag:
    """A tag of somebody's visible posts: how many carry it, and their score."""

    name: str
    post_count: int
    score: int


_KEYS: dict[AuthoredOrder, type[Key]] = {AuthoredOrder.SCORE: int, AuthoredOrder.NEWEST: datetime}
_COLUMNS = {AuthoredOrder.SCORE: Post.score, AuthoredOrder.NEWEST: Post.created_at}
_question = aliased(Post, name="question")
_is_visible = Post.deleted_at.is_(None)
_thread_is_visible = _is_visible & _question.deleted_at.is_(None)
_by_author = Post.author_id == bindparam("author_id")
_sees_own = bindparam("sees_own", type_=Boolean())
_sees_all = bindparam("sees_all", type_=Boolean())
_questions: Statement = select(
    Post.id, Post.id, Post.title, Post.slug, Post.score, Post.answer_count,
    Post.accepted_answer_id.is_not(None), Post.created_at, Post.deleted_at.is_not(None),
).where(_by_author, Post.kind == literal_column("'question'"), or_(_is_visible, _sees_own))  # fmt: skip
_answers: Statement = (
    select(
        Post.id, _question.id, _question.title, _question.slug, Post.score, literal_column("0"),
        func.coalesce(_question.accepted_answer_id == Post.id, False), Post.created_at,
        or_(Post.deleted_at.is_not(None), _question.deleted_at.is_not(None)),
    )
    .join(_question, _question.id == Post.question_id)
    .where(
        _by_author,
        Post.kind == literal_column("'answer'"),
        # What stands below somebody else's deleted question only moderators can open.
        or_(_thread_is_visible, _sees_all, _sees_own & _question.deleted_at.is_(None)),
    )
)  # fmt: skip
_thread_id = func.coalesce(Post.question_id, Post.id)
_counts: Statement = (
    select(Post.kind, func.count())
    .join(_question, _question.id == _thread_id)
    .where(_by_author, _thread_is_visible)
    .group_by(Post.kind)
)
_score = func.sum(Post.score)
_top_tags: Statement = (
    select(Tag.name, func.count(), _score)
    .join(_question, _question.id == _thread_id)
    .join(QuestionTag, QuestionTag.question_id == _question.id)
    .join(Tag, Tag.id == QuestionTag.tag_id)
    .where(_by_author, _thread_is_visible)
    .group_by(Tag.id, Tag.name)
    .order_by(_score.desc(), func.count().desc(), Tag.name)
    .limit(bindparam("limit"))
)
_titles: Statement = (
    select(
        Post.id, _question.id, _question.title, _question.slug, Post.question_id.is_not(None),
        or_(Post.deleted_at.is_not(None), _question.deleted_at.is_not(None)),
    )
    .join(_question, _question.id == _thread_id)
    .where(Post.id.in_(bindparam("ids", expanding=True)))
)  # fmt: skip


def cursor_of(text: str | None, *, order: AuthoredOrder) -> Cursor | None:
    """Read a cursor of a list of somebody's posts; raise Invalid for one that no page has given out."""
    return Cursor.parse(text, of=_KEYS[order])


def questions_of(
    session: Session, author_id: int, viewer: Actor | None, order: AuthoredOrder, cursor: Cursor | None
) -> Page[AuthoredPost]:
    """Return a page of somebody's questions, deleted ones only to those who may see them; one statement."""
    return _page(session, _questions, author_id, viewer, order=order, cursor=cursor)


def answers_of(
    session: Session, author_id: int, viewer: Actor | None, order: AuthoredOrder, cursor: Cursor | None
) -> Page[AuthoredPost]:
    """Return a page of somebody's answers, deleted ones only to those who may see them; one statement."""
    return _page(session, _answers, author_id, viewer, order=order, cursor=cursor)


def post_counts(session: Session, author_id: int) -> dict[str, int]:
    """Return how many visible posts of each kind somebody wrote; one statement."""
    counts = {"question": 0, "answer": 0}
    counts.update(list(session.execute(_counts, {"author_id": author_id})))
    return counts


def top_tags(session: Session, author_id: int, *, limit: int = 12) -> tuple[TopTag, ...]:
    """Return the tags that somebody's visible posts earned most with; one statement."""
    rows = session.execute(_top_tags, {"author_id": author_id, "limit": limit})
    return tuple(TopTag(*row) for row in rows)


def titles_of(session: Session, post_ids: Sequence[int]) -> dict[int, PostTitle]:
    """Return what questions some posts are or belong to; one statement."""
    return {id: PostTitle(*rest) for id, *rest in session.execute(_titles, {"ids": list(post_ids)})}


def _page(
    session: Session,
    statement: Statement,
    author_id: int,
    viewer: Actor | None,
    *,
    order: AuthoredOrder,
    cursor: Cursor | None,
) -> Page[AuthoredPost]:
    values = {
        "author_id": author_id,
        "sees_own": may_see_deleted(viewer, author_id=author_id),
        "sees_all": viewer is not None and viewer.is_moderator,
    }
    placed = place(statement, cursor, key=_COLUMNS[order], id=Post.id)
    rows = [AuthoredPost(*row) for row in session.execute(placed, values)]
    return paged(rows, cursor, place_of=lambda row: (row.key(order), row.id))
