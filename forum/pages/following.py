"""The page of the questions that somebody follows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.paging import Cursor, Page
from forum.posts.queries.followed import FollowedQuestion, followed


@dataclass(frozen=True, slots=True)
class Following:
    """What the template shows: a page of questions, and by its id what following each has brought."""

    questions: Page[FollowedQuestion]
    by_id: Mapping[int, FollowedQuestion]


def load(session: Session, viewer: Actor, at: str | None, *, seen: Mapping[int, datetime]) -> Following:
    """Return a page of what a person follows, in one statement; raise Invalid for a cursor of no page.

    `seen` says up to when they have seen some of it, as far as the database does not know yet.
    """
    page = followed(session, viewer.id, Cursor.parse(at, of=datetime))
    return Following(
        page, {row.question.id: _up_to_date(row, seen.get(row.question.id)) for row in page.rows}
    )


def _up_to_date(row: FollowedQuestion, seen_until: datetime | None) -> FollowedQuestion:
    has_seen_all = seen_until is not None and seen_until >= row.question.active_at
    return replace(row, new_answer_count=0) if has_seen_all else row
