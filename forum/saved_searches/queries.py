"""Reading saved searches and their matches; threads that nobody sees any more are left out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from forum.posts.models import Post
from forum.saved_searches.models import SavedSearch, SavedSearchMatch, WatchPosition
from forum.saved_searches.rules import text_key

MATCHES_SHOWN = 100
"""New matches on one page, the latest first; the older ones are found by the search itself."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search as its owner sees it."""

    id: int
    name: str
    text: str
    sort: str
    notifies: bool
    created_at: datetime
    new_count: int
    """New matches that everybody can see at this moment."""


@dataclass(frozen=True, slots=True)
class NewMatch:
    """A thread that matches, and the post that made it a new match."""

    thread_id: int
    post_id: int
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Watched:
    """A saved search as the worker needs it."""

    id: int
    user_id: int
    text: str
    notifies: bool
    looked_until: datetime


_visible_new = (
    select(func.count())
    .select_from(SavedSearchMatch)
    .join(Post, Post.id == SavedSearchMatch.thread_id)
    .where(
        SavedSearchMatch.saved_search_id == SavedSearch.id,
        SavedSearchMatch.is_new,
        Post.deleted_at.is_(None),
    )
    .scalar_subquery()
)
_saved: Select[*tuple[Any, ...]] = select(
    SavedSearch.id, SavedSearch.name, SavedSearch.text, SavedSearch.sort, SavedSearch.notifies,
    SavedSearch.created_at, _visible_new,
).where(SavedSearch.user_id == bindparam("user_id"))  # fmt: skip
_of_person = _saved.order_by(SavedSearch.id.desc())
_one = _saved.where(SavedSearch.id == bindparam("saved_search_id"))
_by_text = _saved.where(SavedSearch.text_key == bindparam("text_key"))
_new_matches = (
    select(SavedSearchMatch.thread_id, SavedSearchMatch.post_id, SavedSearchMatch.noted_at)
    .join(Post, Post.id == SavedSearchMatch.thread_id)
    .where(
        SavedSearchMatch.saved_search_id == bindparam("saved_search_id"),
        SavedSearchMatch.is_new,
        Post.deleted_at.is_(None),
    )
    .order_by(SavedSearchMatch.post_id.desc(), SavedSearchMatch.thread_id.desc())
    .limit(MATCHES_SHOWN)
)
_position = select(WatchPosition.after_id)
_next_watched = (
    select(
        SavedSearch.id, SavedSearch.user_id, SavedSearch.text, SavedSearch.notifies, SavedSearch.looked_until
    )
    .where(SavedSearch.id > bindparam("after"), or_(SavedSearch.notifies, SavedSearch.new_count > 0))
    .order_by(SavedSearch.id)
    .limit(bindparam("limit"))
)
_thread = aliased(Post, name="thread")
_thread_id = func.coalesce(Post.question_id, Post.id)
_fresh = (
    select(_thread_id, func.max(Post.id))
    .join(_thread, _thread.id == _thread_id)
    .where(
        Post.deleted_at.is_(None),
        _thread.deleted_at.is_(None),
        Post.created_at >= bindparam("since"),
    )
    .group_by(_thread_id)
)
_ids: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_fresh_of_threads = _fresh.where(or_(Post.id.in_(_ids), Post.question_id.in_(_ids)))
_fresh_posts = _fresh.where(Post.id.in_(_ids))


def of_person(session: Session, user_id: int) -> tuple[Saved, ...]:
    """Return what a person has saved, the latest first; one statement."""
    return tuple(Saved(*row) for row in session.execute(_of_person, {"user_id": user_id}))


def one(session: Session, user_id: int, saved_search_id: int) -> Saved | None:
    """Return a saved search of this person; one statement."""
    values = {"user_id": user_id, "saved_search_id": saved_search_id}
    row = session.execute(_one, values).one_or_none()
    return Saved(*row) if row else None


def by_text(session: Session, user_id: int, text: str) -> Saved | None:
    """Return the saved search of this person that asks for the same as the text; one statement."""
    row = session.execute(_by_text, {"user_id": user_id, "text_key": text_key(text)}).one_or_none()
    return Saved(*row) if row else None


def new_matches(session: Session, saved_search_id: int) -> tuple[NewMatch, ...]:
    """Return the latest visible new matches of a saved search; one statement."""
    rows = session.execute(_new_matches, {"saved_search_id": saved_search_id})
    return tuple(NewMatch(*row) for row in rows)


def position(session: Session) -> int:
    """Return the id of the saved search that was looked for last in this round; 0 before the first."""
    return session.execute(_position).scalar_one_or_none() or 0


def next_watched(session: Session, *, after: int, limit: int) -> tuple[Watched, ...]:
    """Return the next saved searches in the order of their ids that the worker has something to do for."""
    rows = session.execute(_next_watched, {"after": after, "limit": limit})
    return tuple(Watched(*row) for row in rows)


def fresh_threads(session: Session, thread_ids: Collection[int], *, since: datetime) -> dict[int, int]:
    """Return those of the threads that were asked or answered since, each with its latest such post."""
    return _latest(session, _fresh_of_threads, thread_ids, since)


def fresh_posts(session: Session, post_ids: Collection[int], *, since: datetime) -> dict[int, int]:
    """Return the threads of those of the posts that were written since, each with the latest of them."""
    return _latest(session, _fresh_posts, post_ids, since)


def _latest(
    session: Session, statement: Select[Any, Any], ids: Collection[int], since: datetime
) -> dict[int, int]:
    if not ids:
        return {}
    rows = session.execute(statement, {"ids": list(ids), "since": since})
    return {row[0]: row[1] for row in rows}
