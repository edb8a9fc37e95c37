"""Reading drafts. Nobody but their author ever does."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.prepared import Prepared
from forum.core.reading import rows
from forum.drafts import models
from forum.drafts.rules import DISCARDED_HOURS, Kind, Place, Wording
from forum.posts.models import Comment, Post
from forum.posts.rules import excerpt, may_see_deleted

_EXCERPT_OF = 400
"""Characters that a list reads of each text to show its beginning."""


# Built once, as the page of a question pays for it.
_in_thread = Prepared(
    select(
        *(models.Draft.kind, models.Draft.subject_id, models.Draft.source, models.Draft.title),
        *(models.Draft.tags, models.Draft.summary, models.Draft.based_on, models.Draft.version),
        models.Draft.updated_at,
    ).where(
        models.Draft.user_id == bindparam("user_id"),
        or_(
            and_(models.Draft.kind == Kind.ANSWER, models.Draft.subject_id == bindparam("question_id")),
            and_(
                models.Draft.kind == Kind.COMMENT,
                models.Draft.subject_id.in_(bindparam("post_ids", expanding=True)),
            ),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its author left it; `based_on` is the revision that an edit began with, else 0."""

    place: Place
    wording: Wording
    based_on: int
    version: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ListedDraft:
    """A draft in the list: the beginning of its text, and the thread where it belongs.

    `question_id` is None for a new question and for a thread that the author may no longer see,
    `discarded_at` for a draft that was not discarded.
    """

    place: Place
    title: str
    excerpt: str
    version: str
    updated_at: datetime
    discarded_at: datetime | None
    post_id: int | None
    question_id: int | None
    slug: str
    is_closed: bool
    is_gone: bool

    @property
    def is_open(self) -> bool:
        """Whether the text could be posted where it belongs."""
        return not self.is_gone and not (self.is_closed and self.place.kind is Kind.ANSWER)


def is_at(user_id: int, place: Place) -> ColumnElement[bool]:
    """Return the condition that a row is the draft of a person in a place."""
    draft = models.Draft
    return and_(draft.user_id == user_id, draft.kind == place.kind, draft.subject_id == place.subject_id)


def one(session: Session, user_id: int, place: Place) -> Draft | None:
    """Return a person's draft in a place; one statement."""
    row = session.execute(select(models.Draft).where(is_at(user_id, place))).scalar_one_or_none()
    return _draft(row) if row is not None else None


def in_thread(
    session: Session, user_id: int, question_id: int, post_ids: Collection[int]
) -> Mapping[Place, Draft]:
    """Return a person's drafts of an answer to the question and of comments on the posts; one statement."""
    found = rows(session, _in_thread, user_id=user_id, question_id=question_id, post_ids=list(post_ids))
    return {draft.place: draft for draft in (_drafted(*columns) for columns in found)}


def of_person(session: Session, viewer: Actor) -> tuple[ListedDraft, ...]:
    """Return all drafts of a person, the latest first; one statement, and not the whole of any text."""
    draft = models.Draft
    statement = _listing(draft, viewer).order_by(draft.updated_at.desc(), draft.kind, draft.subject_id)
    return tuple(_listed(row, viewer) for row in session.execute(statement))


def discarded_of_person(session: Session, viewer: Actor) -> tuple[ListedDraft, ...]:
    """Return the discarded drafts that a person can bring back, the latest first; one statement."""
    draft = models.DiscardedDraft
    statement = _listing(draft, viewer).add_columns(draft.discarded_at).where(is_kept())
    statement = statement.order_by(draft.discarded_at.desc(), draft.version)
    return tuple(_listed(row, viewer, row.discarded_at) for row in session.execute(statement))


def discarded(session: Session, user_id: int, version: str) -> Draft | None:
    """Return a discarded draft that a person can bring back, by its version; one statement."""
    draft = models.DiscardedDraft
    theirs = select(draft).where(draft.user_id == user_id, draft.version == version, is_kept())
    row = session.execute(theirs).scalar_one_or_none()
    return _draft(row) if row is not None else None


def is_kept() -> ColumnElement[bool]:
    """Return the condition that a discarded draft is not over, whether or not it is swept away yet."""
    return models.DiscardedDraft.discarded_at > clock.now() - timedelta(hours=DISCARDED_HOURS)


def _listing(draft: type[models.Draft | models.DiscardedDraft], viewer: Actor) -> Select[*tuple[Any, ...]]:
    question, remark = aliased(Post), aliased(Comment)
    of_comment = and_(draft.kind == Kind.COMMENT_EDIT, remark.id == draft.subject_id)
    post_id = case((draft.kind == Kind.COMMENT_EDIT, remark.post_id), else_=draft.subject_id)
    return (
        select(
            draft.kind,
            draft.subject_id,
            draft.title,
            func.substr(draft.source, 1, _EXCERPT_OF).label("source"),
            draft.version,
            draft.updated_at,
            Post.id.label("post_id"),
            Post.author_id,
            Post.deleted_at,
            question.id.label("question_id"),
            question.author_id.label("asker_id"),
            question.deleted_at.label("question_deleted_at"),
            question.title.label("question_title"),
            question.slug,
            question.closed_at,
            remark.deleted_at.label("comment_deleted_at"),
        )
        .outerjoin(remark, of_comment)
        .outerjoin(Post, Post.id == post_id)
        .outerjoin(question, question.id == func.coalesce(Post.question_id, Post.id))
        .where(draft.user_id == viewer.id)
    )


def _listed(row: Any, viewer: Actor, discarded_at: datetime | None = None) -> ListedDraft:
    place = Place(Kind(row.kind), row.subject_id)
    is_new = place.kind is Kind.QUESTION
    hides = (
        (row.deleted_at is not None and not may_see_deleted(viewer, author_id=row.author_id)),
        (row.question_deleted_at is not None and not may_see_deleted(viewer, author_id=row.asker_id)),
    )
    is_seen = row.question_id is not None and not any(hides)
    deleted = (row.deleted_at, row.question_deleted_at, row.comment_deleted_at)
    return ListedDraft(
        place=place,
        title=row.title if is_new else ((row.question_title or "") if is_seen else ""),
        excerpt=excerpt(row.source),
        version=row.version,
        updated_at=row.updated_at,
        discarded_at=discarded_at,
        post_id=row.post_id if is_seen else None,
        question_id=row.question_id if is_seen else None,
        slug=(row.slug or "") if is_seen else "",
        is_closed=row.closed_at is not None,
        is_gone=not is_new and (not is_seen or any(moment is not None for moment in deleted)),
    )


def _draft(row: models.Draft | models.DiscardedDraft) -> Draft:
    place = row.kind, row.subject_id
    return _drafted(
        *place, row.source, row.title, row.tags, row.summary, row.based_on, row.version, row.updated_at
    )


def _drafted(
    kind: str,
    subject_id: int,
    source: str,
    title: str,
    tags: str,
    summary: str,
    based_on: int,
    version: str,
    updated_at: datetime,
) -> Draft:
    return Draft(
        place=Place(Kind(kind), subject_id),
        wording=Wording(source=source, title=title, tags=tags, summary=summary),
        based_on=based_on,
        version=version,
        updated_at=updated_at,
    )
