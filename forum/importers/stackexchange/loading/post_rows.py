"""The columns of questions and answers, from the rows of the dump."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from forum.importers.stackexchange.loading.batch import Batch
from forum.importers.stackexchange.loading.threads import Thread
from forum.importers.stackexchange.rows import HistoryType, PostType, VoteType
from forum.posts.rules import excerpt, slugify

CLOSE_REASONS = {
    "1": "duplicate",
    "101": "duplicate",
    "2": "off-topic",
    "102": "off-topic",
    "3": "not constructive",
    "4": "not a real question",
    "7": "too localized",
    "10": "general reference",
    "103": "needs details or clarity",
    "104": "needs more focus",
    "105": "opinion-based",
}
"""What the Comment of a closing says, by Stack Exchange's table CloseReasonTypes."""
_UNNAMED_REASON = "closed on the site it was asked on"


@dataclass(frozen=True, slots=True)
class _Activity:
    """Something that brought a question to the top of the active list."""

    at: datetime
    person_id: int | None
    kind: str


def question_columns(batch: Batch, thread: Thread, *, tag_names: str) -> dict[str, object]:
    """Return the columns of a new question; its accepted answer is set once the answers are there."""
    post = thread.question
    latest = _latest_activity(thread)
    return _columns(batch, thread, post) | {
        "kind": "question",
        "question_id": None,
        "title": post.title,
        "slug": slugify(post.title),
        "excerpt": excerpt(batch.wordings[post.id].rendered.text),
        "tag_names": tag_names,
        "view_count": post.views,
        "active_at": post.active_at or latest.at,
        "active_by_id": batch.local_person(latest.person_id),
        "active_kind": latest.kind,
        "closed_at": post.closed_at,
        "closed_reason": _close_reason(thread) if post.closed_at else None,
    }


def answer_columns(batch: Batch, thread: Thread, post: Row[Any]) -> dict[str, object]:
    """Return the columns of a new answer."""
    return _columns(batch, thread, post) | {
        "kind": "answer",
        "question_id": thread.question.local_id,
        "active_at": post.active_at or post.edited_at or post.created_at,
    }


def _columns(batch: Batch, thread: Thread, post: Row[Any]) -> dict[str, object]:
    wording = batch.wordings[post.id]
    votes = sum(_value(vote) for vote in thread.votes if vote.post_id == post.id)
    return {
        "id": post.local_id,
        "author_id": batch.local_person(post.owner_id),
        "author_name": batch.name_of(post.owner_id, post.owner_name),
        "source": wording.source,
        "html": wording.rendered.html,
        "render_version": wording.rendered.version,
        "created_at": post.created_at,
        "edited_at": post.edited_at,
        "editor_id": batch.local_person(post.editor_id),
        "revision_count": max(len(batch.drafts[post.id]), 1),
        "base_score": 0 if post.score is None else post.score - votes,
    }


def _value(vote: Row[Any]) -> int:
    return {VoteType.UP: 1, VoteType.DOWN: -1}.get(vote.type, 0)


def _latest_activity(thread: Thread) -> _Activity:
    """Return what brought the question up last; the dump tells only when."""
    found: list[_Activity] = []
    for post in thread.posts:
        kind = "asked" if post.type == PostType.QUESTION else "answered"
        found.append(_Activity(post.created_at, post.owner_id, kind))
        if post.edited_at:
            found.append(_Activity(post.edited_at, post.editor_id, "edited"))
    told = thread.question.active_at or max(activity.at for activity in found)
    known = [activity for activity in found if activity.at <= told]
    return max(known or found, key=lambda activity: activity.at)


def _close_reason(thread: Thread) -> str:
    closings = [row for row in thread.history[thread.question.id] if row.type == HistoryType.CLOSED]
    return CLOSE_REASONS.get(closings[-1].comment, _UNNAMED_REASON) if closings else _UNNAMED_REASON
