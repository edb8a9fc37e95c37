"""Comments, and the revisions of posts and comments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from forum.importers.stackexchange.loading.adding import add, add_numbered
from forum.importers.stackexchange.loading.batch import Batch
from forum.importers.stackexchange.loading.origins import Loaded
from forum.importers.stackexchange.loading.revisions import Draft
from forum.importers.stackexchange.rows import HistoryType, PostType
from forum.posts.models import Comment, Revision
from forum.posts.rules import SUMMARY_LENGTH

_EVENTS = (HistoryType.CLOSED, HistoryType.REOPENED)


def write_revisions(session: Session, batch: Batch, *, tag_names: Mapping[int, str]) -> list[Loaded]:
    """Add the revisions of the new posts; without a history in the dump, the present text is the first."""
    rows: list[dict[str, Any]] = []
    sources: list[tuple[int, ...]] = []
    loaded: list[Loaded] = []
    for thread in batch.threads:
        for post in thread.new_posts:
            drafts = batch.drafts[post.id]
            only = _only_revision(batch, post, tag_names.get(post.id))
            rows += [_revision(batch, post, draft) for draft in drafts]
            sources += [draft.history_ids for draft in drafts]
            if drafts:
                # The last revision is the present post, whatever became of its text and tags on the way here.
                rows[-1] |= {name: only[name] for name in ("source", "title", "tag_names")}
            else:
                rows.append(only)
                sources.append(())
        history = [row for rows in thread.history.values() for row in rows if row.state == ""]
        # Closing and reopening made the columns of the question; they are no revisions.
        loaded += [Loaded("revision", row.id, None) for row in history if row.type in _EVENTS]
    ids = add_numbered(session, Revision, rows)
    for id_, history_ids in zip(ids, sources, strict=True):
        loaded += [Loaded("revision", history_id, id_) for history_id in history_ids]
    return loaded


def later_edits(batch: Batch) -> list[int]:
    """Return the history rows of posts that were loaded before: their texts may have changed here since."""
    return [
        row.id
        for thread in batch.threads
        for post in thread.posts
        if post.state != ""
        for row in thread.history[post.id]
        if row.state == "" and row.type not in _EVENTS
    ]


def write_comments(session: Session, batch: Batch) -> list[Loaded]:
    """Add the new comments, each with its text as its only revision."""
    posts = {post.id: post.local_id for thread in batch.threads for post in thread.posts}
    comments = [comment for thread in batch.threads for comment in thread.comments if comment.state == ""]
    rows = [_comment(batch, comment, posts[comment.post_id]) for comment in comments]
    ids = add_numbered(session, Comment, rows)
    copied = ("author_id", "author_name", "created_at", "source")
    revisions = [
        {"comment_id": id_, "number": 1} | {name: row[name] for name in copied}
        for id_, row in zip(ids, rows, strict=True)
    ]
    add(session, Revision, revisions)
    return [Loaded("comment", comment.id, id_) for comment, id_ in zip(comments, ids, strict=True)]


def _comment(batch: Batch, comment: Row[Any], post_id: int) -> dict[str, Any]:
    source, rendered = batch.comments[comment.id]
    return {
        "post_id": post_id,
        "author_id": batch.local_person(comment.user_id),
        "author_name": batch.name_of(comment.user_id, comment.user_name),
        "source": source,
        "html": rendered.html,
        "render_version": rendered.version,
        "created_at": comment.created_at,
        "base_score": comment.score,
        "score": comment.score,
    }


def _revision(batch: Batch, post: Row[Any], draft: Draft) -> dict[str, Any]:
    is_question = post.type == PostType.QUESTION
    return {
        "post_id": post.local_id,
        "number": draft.number,
        "author_id": batch.local_person(draft.author_id),
        "author_name": batch.name_of(draft.author_id, draft.author_name),
        "created_at": draft.created_at,
        "summary": draft.summary[:SUMMARY_LENGTH],
        "source": draft.source,
        "title": draft.title if is_question else None,
        "tag_names": draft.tag_names if is_question else None,
        "rolled_back_to": draft.rolled_back_to,
    }


def _only_revision(batch: Batch, post: Row[Any], tag_names: str | None) -> dict[str, Any]:
    return {
        "post_id": post.local_id,
        "number": 1,
        "author_id": batch.local_person(post.owner_id),
        "author_name": batch.name_of(post.owner_id, post.owner_name),
        "created_at": post.created_at,
        "summary": "",
        "source": batch.wordings[post.id].source,
        "title": post.title if post.type == PostType.QUESTION else None,
        "tag_names": tag_names,
        "rolled_back_to": None,
    }
