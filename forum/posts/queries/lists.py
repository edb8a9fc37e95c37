"""Lists of questions: rows of plain columns, each page found by its place in an index."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    bindparam,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.core.paging import Cursor, Key, Page, paged, place
from forum.core.prepared import Prepared
from forum.core.reading import Found, fetch, rows
from forum.posts.models import Post
from forum.tags.models import QuestionTag

Statement: TypeAlias = Select[*tuple[Any, ...]]
AnyRow: TypeAlias = Row[*tuple[Any, ...]]

WALK_FACTOR = 3
"""The order of activity is read where the tag is. In the others, a tag with many questions is read by walking
the list and asking each question for the tag; one with few by collecting its questions and sorting them.
With c of n questions, walking passes 30 n / c and collecting c.
Passing one costs a third of collecting one (SQLite, 10,000 questions), and of the ids of posts some 30 %
are questions: so walking costs less from c² > 3 × the greatest id on."""


class Order(StrEnum):
    """What a list of questions is sorted by, the greatest or latest first."""

    ACTIVE = "active"
    NEWEST = "newest"
    HOT = "hot"
    SCORE = "score"


class Unanswered(StrEnum):
    """What an unanswered question lacks."""

    NONE = "none"
    ACCEPTED = "accepted"
    UPVOTED = "upvoted"


class QuestionRow(NamedTuple):
    """A question as a list shows it."""

    id: int
    title: str
    slug: str
    excerpt: str
    tags: tuple[str, ...]
    score: int
    answer_count: int
    has_accepted: bool
    view_count: int
    created_at: datetime
    active_at: datetime
    active_kind: str
    hot: float
    is_closed: bool
    author_id: int | None
    author_name: str | None
    author_reputation: int | None
    active_by_id: int | None
    active_by_name: str | None

    def key(self, order: Order) -> Key:
        """Return what the question is sorted by."""
        keys: dict[Order, Key] = {
            Order.ACTIVE: self.active_at,
            Order.NEWEST: self.created_at,
            Order.HOT: self.hot,
            Order.SCORE: self.score,
        }
        return keys[order]


class QuestionTitle(NamedTuple):
    """A question of which only the title is shown."""

    id: int
    title: str
    slug: str
    score: int
    answer_count: int
    has_accepted: bool


# Constants are written out: a value bound at run time would not match the condition of a partial index.
IS_VISIBLE_QUESTION = (Post.kind == literal_column("'question'")) & Post.deleted_at.is_(None)
_COLUMNS: dict[Order, SQLColumnExpression[Any]] = {
    Order.ACTIVE: Post.active_at,
    Order.NEWEST: Post.created_at,
    Order.HOT: Post.hot,
    Order.SCORE: Post.score,
}
_KEYS: dict[Order, type[Key]] = {
    Order.ACTIVE: datetime,
    Order.NEWEST: datetime,
    Order.HOT: float,
    Order.SCORE: int,
}
_LACKS: dict[Unanswered, ColumnElement[bool]] = {
    Unanswered.NONE: Post.answer_count == literal_column("0"),
    Unanswered.ACCEPTED: Post.accepted_answer_id.is_(None),
    Unanswered.UPVOTED: Post.upvoted_answer_count == literal_column("0"),
}
_author = aliased(User, name="author")
_last = aliased(User, name="last")
_shown: Statement = select(
    Post.id, Post.title, Post.slug, Post.excerpt, Post.tag_names, Post.score, Post.answer_count,
    Post.accepted_answer_id, Post.view_count, Post.created_at, Post.active_at, Post.active_kind, Post.hot,
    Post.closed_at, Post.author_id, func.coalesce(_author.name, Post.author_name), _author.reputation,
    Post.active_by_id, _last.name,
)  # fmt: skip


def _visible(questions: Statement) -> Statement:
    """Leave deleted questions out, and join the people of the others."""
    return (
        questions.outerjoin(_author, _author.id == Post.author_id)
        .outerjoin(_last, _last.id == Post.active_by_id)
        .where(IS_VISIBLE_QUESTION)
    )


ROWS = _visible(_shown.select_from(Post))
_unanswered = {lacking: ROWS.where(lacks) for lacking, lacks in _LACKS.items()}
_of_tag = QuestionTag.tag_id == bindparam("tag_id")
_by_activity = _visible(
    _shown.select_from(QuestionTag).join(Post, Post.id == QuestionTag.question_id).where(_of_tag)
)
# Only keys are sorted: with all that a list shows, sorting takes three times as long.
_collected = (
    select(Post.id).join(QuestionTag, QuestionTag.question_id == Post.id).where(IS_VISIBLE_QUESTION, _of_tag)
)
_walked = ROWS.where(exists().where(QuestionTag.question_id == Post.id, _of_tag))
TITLE_COLUMNS = (Post.id, Post.title, Post.slug, Post.score, Post.answer_count, Post.accepted_answer_id)
_titles: Statement = select(*TITLE_COLUMNS).where(IS_VISIBLE_QUESTION)
_titles_by_id = Prepared(_titles.where(Post.id.in_(bindparam("ids", expanding=True))))
_hottest = Prepared(_titles.order_by(Post.hot.desc(), Post.id.desc()).limit(bindparam("limit")))


def cursor_of(text: str | None, *, order: Order) -> Cursor | None:
    """Read a cursor of a list in this order; raise Invalid for one that no page has given out."""
    return Cursor.parse(text, of=_KEYS[order])


def questions(session: Session, order: Order, cursor: Cursor | None) -> Page[QuestionRow]:
    """Return a page of all questions; one statement."""
    return _page(session, ROWS, order, cursor)


def unanswered(session: Session, lacking: Unanswered, cursor: Cursor | None) -> Page[QuestionRow]:
    """Return a page of the questions that lack something, the newest first; one statement."""
    return _page(session, _unanswered[lacking], Order.NEWEST, cursor)


def tagged(
    session: Session, tag_id: int, order: Order, cursor: Cursor | None, *, question_count: int, latest_id: int
) -> Page[QuestionRow]:
    """Return a page of the questions that carry a tag; one statement.

    About `question_count` carry it, and no question has an id above `latest_id`: these decide only how the
    page is found, see `WALK_FACTOR`.
    """
    if order is Order.ACTIVE:
        return _page(session, _by_activity, order, cursor, tag_id=tag_id)
    if question_count**2 > WALK_FACTOR * latest_id:
        return _page(session, _walked, order, cursor, tag_id=tag_id)
    statement = _first_collected(order) if cursor is None else _collected_from(order, cursor)
    return _page(session, statement, order, cursor, tag_id=tag_id)


def titles(session: Session, ids: Sequence[int]) -> tuple[QuestionTitle, ...]:
    """Return the visible ones of some questions in the order of `ids`; one statement."""
    found = {title.id: title for title in map(title_of, rows(session, _titles_by_id, ids=list(ids)))}
    return tuple(found[id] for id in ids if id in found)


def hottest(session: Session, *, limit: int = 8) -> tuple[QuestionTitle, ...]:
    """Return the titles of the hottest questions; one statement."""
    return tuple(map(title_of, rows(session, _hottest, limit=limit)))


def _page(
    session: Session, statement: Statement, order: Order, cursor: Cursor | None, **values: int
) -> Page[QuestionRow]:
    # The first page is asked for most, and building its statement takes longer than running it.
    found: Iterable[AnyRow | Found]
    if cursor is None:
        found = rows(session, _first_page(statement, order), **values)
    else:
        found = fetch(session, _placed(statement, order, cursor), values)
    return paged(list(map(row_of, found)), cursor, place_of=lambda row: (row.key(order), row.id))


@lru_cache
def _first_collected(order: Order) -> Statement:
    return _collected_from(order, None)


def _collected_from(order: Order, cursor: Cursor | None) -> Statement:
    return ROWS.where(Post.id.in_(place(_collected, cursor, key=_COLUMNS[order], id=Post.id)))


@lru_cache
def _first_page(statement: Statement, order: Order) -> Prepared:
    return Prepared(_placed(statement, order, None))


def _placed(statement: Statement, order: Order, cursor: Cursor | None) -> Statement:
    if statement is _by_activity:
        # By the columns of the index that is walked; those of the question have the same values.
        return place(statement, cursor, key=QuestionTag.active_at, id=QuestionTag.question_id)
    return place(statement, cursor, key=_COLUMNS[order], id=Post.id)


def row_of(row: AnyRow | Found) -> QuestionRow:
    """Make a question of a row of `ROWS`."""
    (
        id, title, slug, excerpt, tag_names, score, answer_count, accepted_answer_id, view_count, created_at,
        active_at, active_kind, hot, closed_at, author_id, author_name, author_reputation, active_by_id,
        active_by_name,
    ) = row  # fmt: skip
    tags, has_accepted, is_closed = (
        tuple(tag_names.split()),
        accepted_answer_id is not None,
        closed_at is not None,
    )
    # By place, which takes two thirds of the time that names do; a list has thirty.
    return QuestionRow(
        id, title, slug, excerpt, tags, score, answer_count, has_accepted, view_count, created_at, active_at,
        active_kind, hot, is_closed, author_id, author_name, author_reputation, active_by_id, active_by_name,
    )  # fmt: skip


def title_of(row: AnyRow | Found) -> QuestionTitle:
    """Make a title of a row of `TITLE_COLUMNS`."""
    id, title, slug, score, answer_count, accepted_answer_id = row
    return QuestionTitle(id, title, slug, score, answer_count, has_accepted=accepted_answer_id is not None)
