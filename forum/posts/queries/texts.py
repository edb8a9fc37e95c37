"""What posts and comments say now, and what they said before: for editing and for their history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts import rules
from forum.posts.models import Comment, Post, Revision

_Revisions: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class PostText:
    """A question or an answer as it may be edited; `title` and `slug` are those of its question."""

    id: int
    kind: str
    question_id: int
    title: str
    slug: str
    tag_names: tuple[str, ...]
    source: str
    author_id: int | None
    revision_count: int
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class CommentText:
    """A comment as it may be edited, with the question it belongs to."""

    id: int
    post_id: int
    question_id: int
    title: str
    slug: str
    source: str
    author_id: int | None
    revision_count: int
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class RevisionText:
    """A revision of a post or a comment, with the name of whoever made it."""

    number: int
    author_id: int | None
    author_name: str | None
    created_at: datetime
    summary: str
    source: str
    title: str | None
    tag_names: str | None
    rolled_back_to: int | None


def post_text(session: Session, viewer: Actor | None, post_id: int) -> PostText:
    """Return the text of a post; raise NotFound unless the person may see it."""
    question = aliased(Post)
    statement = (
        select(Post, question)
        .join(question, question.id == func.coalesce(Post.question_id, Post.id))
        .where(Post.id == post_id)
    )
    row = session.execute(statement).one_or_none()
    if row is None or not all(_is_shown(post, viewer) for post in row):
        raise NotFound(gettext("There is no such post here."))
    post, asked = row
    return PostText(
        id=post.id,
        kind=post.kind,
        question_id=asked.id,
        title=asked.title or "",
        slug=asked.slug,
        tag_names=tuple(post.tag_names.split()),
        source=post.source,
        author_id=post.author_id,
        revision_count=post.revision_count,
        is_deleted=post.deleted_at is not None,
    )


def comment_text(session: Session, viewer: Actor | None, comment_id: int) -> CommentText:
    """Return the text of a comment; raise NotFound unless the person may see it."""
    comment = session.execute(select(Comment).where(Comment.id == comment_id)).scalar_one_or_none()
    if comment is None or not _is_shown(comment, viewer):
        raise NotFound(gettext("There is no such comment here."))
    post = post_text(session, viewer, comment.post_id)
    return CommentText(
        id=comment.id,
        post_id=post.id,
        question_id=post.question_id,
        title=post.title,
        slug=post.slug,
        source=comment.source,
        author_id=comment.author_id,
        revision_count=comment.revision_count,
        is_deleted=comment.deleted_at is not None,
    )


def revisions_of_post(
    session: Session, post_id: int, *, below: int | None, limit: int
) -> Sequence[RevisionText]:
    """Return revisions of a post, the latest first, those with numbers less than `below` only."""
    return _read(session, _revisions(below, limit).where(Revision.post_id == post_id))


def revisions_of_comment(
    session: Session, comment_id: int, *, below: int | None, limit: int
) -> Sequence[RevisionText]:
    """Return revisions of a comment, the latest first, those with numbers less than `below` only."""
    return _read(session, _revisions(below, limit).where(Revision.comment_id == comment_id))


def revision_of_post(session: Session, post_id: int, number: int) -> RevisionText | None:
    """Return one revision of a post, or None without it."""
    return _only(revisions_of_post(session, post_id, below=number + 1, limit=1), number)


def revision_of_comment(session: Session, comment_id: int, number: int) -> RevisionText | None:
    """Return one revision of a comment, or None without it."""
    return _only(revisions_of_comment(session, comment_id, below=number + 1, limit=1), number)


def _only(found: Sequence[RevisionText], number: int) -> RevisionText | None:
    return next((revision for revision in found if revision.number == number), None)


def _revisions(below: int | None, limit: int) -> _Revisions:
    statement = (
        select(
            Revision.number,
            Revision.author_id,
            func.coalesce(User.name, Revision.author_name).label("author_name"),
            Revision.created_at,
            Revision.summary,
            Revision.source,
            Revision.title,
            Revision.tag_names,
            Revision.rolled_back_to,
        )
        .outerjoin(User, User.id == Revision.author_id)
        .order_by(Revision.number.desc())
        .limit(limit)
    )
    return statement if below is None else statement.where(Revision.number < below)


def _read(session: Session, statement: _Revisions) -> Sequence[RevisionText]:
    return [RevisionText(*row) for row in session.execute(statement)]


def _is_shown(thing: Post | Comment, viewer: Actor | None) -> bool:
    return thing.deleted_at is None or rules.may_see_deleted(viewer, author_id=thing.author_id)
