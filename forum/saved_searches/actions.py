"""Saving searches, and noting what newly matches them.

Every action that changes a count locks the row of the person first and counts anew under that lock, so that
browsers and workers that act at the same instant come one after the other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import gettext
from forum.core.page_version import UNSEEN
from forum.posts.models import Post
from forum.saved_searches import rules
from forum.saved_searches.models import SavedSearch, SavedSearchMatch, WatchPosition
from forum.search.engine import Kind
from forum.search.syntax import parse

_GREATEST_ID = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Kept:
    """The saved search that a wish to save led to; `is_new` is false when it was there already."""

    id: int
    name: str
    is_new: bool = True


def save(session: Session, actor: Actor, *, name: str, text: str, sort: str) -> Kept:
    """Keep a search; one that asks for the same as an earlier one of this person leads to that.

    Raise Invalid for a name or text that can't be used, Refused for more searches than a person may keep.
    """
    text = rules.check_text(text)
    query = parse(text, me=actor.id)
    if not query.clauses and query.kind is Kind.ANY:
        raise Invalid(
            "text", gettext("There is no word in this search that could be found. Change it, then save it.")
        )
    name, key = rules.check_name(name, text=text), rules.text_key(text)
    _lock_person(session, actor.id)
    same = select(SavedSearch.id, SavedSearch.name)
    same = same.where(SavedSearch.user_id == actor.id, SavedSearch.text_key == key)
    if earlier := session.execute(same).one_or_none():
        return Kept(id=earlier.id, name=earlier.name, is_new=False)
    count = select(func.count()).where(SavedSearch.user_id == actor.id)
    rules.refuse_save(saved_count=session.execute(count).scalar_one())
    now = clock.now()
    saved = SavedSearch(
        user_id=actor.id,
        name=name,
        text=text,
        text_key=key,
        sort=rules.check_sort(sort),
        notifies=True,
        created_at=now,
        looked_until=now,
    )
    session.add(saved)
    session.flush()
    return Kept(id=saved.id, name=name)


def change(session: Session, actor: Actor, saved_search_id: int, *, name: str, notifies: bool) -> None:
    """Rename a saved search, and let the worker look for new matches or not; raise Invalid for the name.

    What came while nobody looked is not announced later.
    """
    saved = _locked(session, actor, saved_search_id)
    saved.name = rules.check_name(name, text=saved.text)
    if notifies and not saved.notifies:
        saved.looked_until = clock.now()
    saved.notifies = notifies
    session.flush()


def forget(session: Session, actor: Actor, saved_search_id: int) -> None:
    """Delete a saved search with its matches; raise NotFound when this person has no such one."""
    saved = _locked(session, actor, saved_search_id)
    session.delete(saved)
    session.flush()
    _count(session, actor.id)


def mark_seen(session: Session, actor: Actor, saved_search_id: int, *, until: datetime) -> None:
    """Let the matches that were noted until then be new no more; raise NotFound as `forget` does."""
    _locked(session, actor, saved_search_id)
    of_search = SavedSearchMatch.saved_search_id == saved_search_id
    seen = update(SavedSearchMatch).where(of_search, SavedSearchMatch.is_new)
    session.execute(seen.where(SavedSearchMatch.noted_at <= until).values(is_new=False))
    _count(session, actor.id)


def note_matches(session: Session, saved_search_id: int, found: Mapping[int, int]) -> int:
    """Note threads as new matches, each with its latest post, and return how many are new.

    A thread that was noted with the same post or a later one stays as it is, seen or not.
    """
    owner = select(SavedSearch.user_id).where(SavedSearch.id == saved_search_id)
    user_id = session.execute(owner).scalar_one_or_none()
    if user_id is None:
        return 0
    _lock_person(session, user_id)
    if session.execute(owner.where(SavedSearch.notifies)).scalar_one_or_none() is None:
        return 0
    match, now = SavedSearchMatch, clock.now()
    of_search = match.saved_search_id == saved_search_id
    known = select(match.thread_id, match.post_id).where(of_search, match.thread_id.in_(found))
    noted = {row.thread_id: row.post_id for row in session.execute(known)}
    later = {thread: post for thread, post in found.items() if post > noted.get(thread, 0)}
    if not later:
        return 0
    session.execute(delete(match).where(of_search, match.thread_id.in_(later)))
    rows = [
        {
            "saved_search_id": saved_search_id,
            "thread_id": thread,
            "post_id": post,
            "noted_at": now,
            "is_new": True,
        }
        for thread, post in later.items()
    ]
    session.execute(insert(match), rows)
    _drop_oldest(session, saved_search_id)
    _count(session, user_id)
    return len(later)


def note_looked(session: Session, saved_search_ids: Collection[int], *, until: datetime) -> None:
    """Note that these searches were looked for in everything that was written before `until`."""
    looked = update(SavedSearch).where(SavedSearch.id.in_(saved_search_ids), SavedSearch.looked_until < until)
    session.execute(looked.values(looked_until=until))


def withdraw_deleted(session: Session, saved_search_ids: Collection[int]) -> None:
    """Take back the matches of these searches whose threads were deleted since, one person at a time."""
    gone = exists().where(Post.id == SavedSearchMatch.thread_id, Post.deleted_at.is_not(None))
    withdrawn = select(SavedSearch.user_id).distinct().order_by(SavedSearch.user_id)
    withdrawn = withdrawn.join(SavedSearchMatch, SavedSearchMatch.saved_search_id == SavedSearch.id)
    for user_id in session.scalars(withdrawn.where(SavedSearch.id.in_(saved_search_ids), gone)).all():
        _lock_person(session, user_id)
        theirs = select(SavedSearch.id).where(SavedSearch.user_id == user_id)
        session.execute(delete(SavedSearchMatch).where(SavedSearchMatch.saved_search_id.in_(theirs), gone))
        _count(session, user_id)


def move_position(session: Session, *, of: int, to: int) -> bool:
    """Move the worker's place in the round to another saved search; return false if it was not at `of`."""
    moved = update(WatchPosition).where(WatchPosition.after_id == of).values(after_id=to)
    if session.execute(moved.returning(WatchPosition.id)).one_or_none():
        return True
    try:
        with session.begin_nested():
            session.execute(insert(WatchPosition).values(id=1, after_id=to))
    except IntegrityError:
        return False
    return True


def _lock_person(session: Session, user_id: int) -> None:
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True)).all()


def _locked(session: Session, actor: Actor, saved_search_id: int) -> SavedSearch:
    """Return a saved search of this person under the lock of the person; raise NotFound without it."""
    _lock_person(session, actor.id)
    mine = select(SavedSearch).where(SavedSearch.id == saved_search_id, SavedSearch.user_id == actor.id)
    found = session.scalars(mine).one_or_none() if 0 < saved_search_id <= _GREATEST_ID else None
    if found is None:
        raise NotFound(gettext("You have no such saved search; it may have been deleted."))
    return found


def _count(session: Session, user_id: int) -> None:
    """Count a locked person's new matches anew, for each saved search and in all."""
    of_search = SavedSearchMatch.saved_search_id == SavedSearch.id
    new = select(func.count()).where(of_search, SavedSearchMatch.is_new).scalar_subquery()
    theirs = SavedSearch.user_id == user_id
    unsynchronised = {"synchronize_session": False}
    counted = update(SavedSearch).where(theirs, SavedSearch.new_count != new).values(new_count=new)
    session.execute(counted, execution_options=unsynchronised)
    total = select(func.coalesce(func.sum(SavedSearch.new_count), 0)).where(theirs).scalar_subquery()
    summed = update(User).where(User.id == user_id).values(new_match_count=total)
    session.execute(summed, execution_options={**unsynchronised, UNSEEN: True})


def _drop_oldest(session: Session, saved_search_id: int) -> None:
    """Keep the latest matches of a saved search and forget the others, seen or not."""
    of_search = SavedSearchMatch.saved_search_id == saved_search_id
    older = (
        select(SavedSearchMatch.thread_id)
        .where(of_search)
        .order_by(SavedSearchMatch.post_id.desc())
        .offset(rules.MOST_MATCHES)
    )
    session.execute(delete(SavedSearchMatch).where(of_search, SavedSearchMatch.thread_id.in_(older)))
