"""The history of a post or a comment: who changed what, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.text_diff import Change, Piece, Row, inline, side_by_side
from forum.posts import rules
from forum.posts.queries import texts
from forum.posts.queries.texts import CommentText, PostText, RevisionText

REVISIONS_PER_PAGE = 10
"""Comparing takes up to a fifth of a second for each, see core.text_diff."""

View = Literal["inline", "side"]


@dataclass(frozen=True, slots=True)
class RevisionShown:
    """A revision with its differences from the one before; the first one differs in nothing."""

    revision: RevisionText
    is_first: bool
    is_current: bool
    title: tuple[Piece, ...]
    tags: tuple[Piece, ...]
    words: tuple[Piece, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class RevisionsPage:
    """Some revisions, the latest first; `older` is the number below which the next page begins."""

    subject: PostText | CommentText
    revisions: tuple[RevisionShown, ...]
    view: View
    older: int | None
    may_roll_back: bool


def load_of_post(
    session: Session, viewer: Actor | None, post_id: int, *, view: View, below: int | None = None
) -> RevisionsPage:
    """Load the history of a question or an answer; raise NotFound if it may not be seen. Two statements."""
    post = texts.post_text(session, viewer, post_id)
    found = texts.revisions_of_post(session, post_id, below=below, limit=REVISIONS_PER_PAGE + 1)
    may_edit = viewer is not None and rules.may_edit(viewer, author_id=post.author_id)
    return _page(post, found, view=view, may_roll_back=may_edit and not post.is_deleted)


def load_of_comment(
    session: Session, viewer: Actor | None, comment_id: int, *, view: View, below: int | None = None
) -> RevisionsPage:
    """Load the history of a comment; raise NotFound if it may not be seen."""
    comment = texts.comment_text(session, viewer, comment_id)
    found = texts.revisions_of_comment(session, comment_id, below=below, limit=REVISIONS_PER_PAGE + 1)
    may_change = viewer is not None and (viewer.is_moderator or viewer.id == comment.author_id)
    return _page(comment, found, view=view, may_roll_back=may_change and not comment.is_deleted)


def _page(
    subject: PostText | CommentText, found: Sequence[RevisionText], *, view: View, may_roll_back: bool
) -> RevisionsPage:
    shown = found[:REVISIONS_PER_PAGE]
    before: list[RevisionText | None] = [*found[1:], None]
    return RevisionsPage(
        subject=subject,
        revisions=tuple(
            _compared(revision, earlier, view=view, is_current=revision.number == subject.revision_count)
            for revision, earlier in zip(shown, before, strict=False)
        ),
        view=view,
        older=shown[-1].number if len(found) > REVISIONS_PER_PAGE else None,
        may_roll_back=may_roll_back,
    )


def _compared(
    revision: RevisionText, earlier: RevisionText | None, *, view: View, is_current: bool
) -> RevisionShown:
    old = earlier or revision
    is_side = view == "side" and earlier is not None
    return RevisionShown(
        revision=revision,
        is_first=earlier is None,
        is_current=is_current,
        title=inline(old.title or "", revision.title or ""),
        tags=_tags(old.tag_names or "", revision.tag_names or ""),
        words=() if is_side else inline(old.source, revision.source),
        rows=side_by_side(old.source, revision.source) if is_side else (),
    )


def _tags(old: str, new: str) -> tuple[Piece, ...]:
    before, after = old.split(), new.split()
    gone = [Piece(Change.REMOVED, name) for name in before if name not in after]
    there = [Piece(Change.KEPT if name in before else Change.ADDED, name) for name in after]
    return (*gone, *there)
