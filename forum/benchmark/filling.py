"""A set's threads as posts of a scratch site, so that they are indexed exactly as a site's own are."""

import html
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert

from forum.benchmark.sets import Thread
from forum.core.db import Database
from forum.posts.models import Post

_BATCH = 1_000


def fill(database: Database, threads: Sequence[Thread]) -> None:
    """Write the threads into an empty database; they are numbered from 1, as they come."""
    for first in range(0, len(threads), _BATCH):
        rows = [
            row
            for number, thread in enumerate(threads[first : first + _BATCH], start=first + 1)
            for row in _rows(number, thread, answer_id=len(threads) + number)
        ]
        with database.transaction() as session:
            session.execute(insert(Post), rows)


def _rows(number: int, thread: Thread, *, answer_id: int) -> Iterator[dict[str, Any]]:
    shared = {"source": "", "render_version": 0, "created_at": thread.date}
    yield shared | {
        "id": number,
        "kind": "question",
        "question_id": None,
        "title": thread.title,
        "html": _paragraph(thread.body),
        "answer_count": int(bool(thread.answers)),
        "active_at": thread.date,
    }
    if thread.answers:
        yield shared | {
            "id": answer_id,
            "kind": "answer",
            "question_id": number,
            "title": None,
            "html": _paragraph(thread.answers),
            "answer_count": 0,
            "active_at": thread.date,
        }


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"
