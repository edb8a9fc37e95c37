"""What the ledger says."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from forum.core.paging import Cursor, Page, paged, place
from forum.reputation.models import ReputationDay, ReputationEntry
from forum.reputation.rules import ACCEPTANCE, Cause, Day, Entry, Grant, Key

_reversal = aliased(ReputationEntry)
_is_reversed = exists().where(_reversal.reverses_id == ReputationEntry.id)
_stands = and_(ReputationEntry.is_reversal.is_(False), ~_is_reversed)
_columns = (
    ReputationEntry.id,
    ReputationEntry.user_id,
    ReputationEntry.cause,
    ReputationEntry.subject,
    ReputationEntry.turn,
    ReputationEntry.points,
    ReputationEntry.earned_at,
    ReputationEntry.post_id,
)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of somebody's ledger as it is shown: `change` is what it did to the total."""

    id: int
    cause: str
    points: int
    change: int
    is_reversal: bool
    post_id: int | None
    note: str | None
    earned_at: dt.datetime
    recorded_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody's place on a leaderboard."""

    user_id: int
    gain: int


def standing(session: Session, keys: Collection[Key]) -> list[Entry]:
    """Return the entries of the keys that were not reversed."""
    if not keys:
        return []
    wanted = or_(
        *(
            and_(
                ReputationEntry.user_id == key.user_id,
                ReputationEntry.cause == key.cause,
                ReputationEntry.subject == key.subject,
            )
            for key in keys
        )
    )
    return _entries(session, and_(wanted, _stands))


def standing_of_posts(session: Session, post_ids: Collection[int]) -> list[Entry]:
    """Return the entries that posts earned for anybody and that were not reversed."""
    return _entries(session, and_(ReputationEntry.post_id.in_(post_ids), _stands))


def standing_on(session: Session, *, user_id: int, days: Collection[dt.date]) -> list[Entry]:
    """Return a person's entries of some days that were not reversed."""
    of_days = and_(ReputationEntry.user_id == user_id, ReputationEntry.earned_on.in_(days))
    return _entries(session, and_(of_days, _stands))


def standing_of(session: Session, user_id: int) -> list[Entry]:
    """Return all entries of a person that were not reversed."""
    return _entries(session, and_(ReputationEntry.user_id == user_id, _stands))


def to_restore(session: Session, post_id: int) -> list[Grant]:
    """Return what undeleting a post grants again: what its latest deletion reversed.

    An answer that was accepted when it was deleted comes back without the acceptance.
    """
    later = aliased(ReputationEntry)
    granted_again = exists().where(
        later.user_id == ReputationEntry.user_id,
        later.cause == ReputationEntry.cause,
        later.subject == ReputationEntry.subject,
        later.turn > ReputationEntry.turn,
    )
    by_deletion = exists().where(
        _reversal.reverses_id == ReputationEntry.id, _reversal.trigger_post_id == post_id
    )
    return [
        Grant(key=entry.key, points=entry.points, earned_at=entry.earned_at, post_id=entry.post_id)
        for entry in _entries(session, and_(by_deletion, ~granted_again))
        if not (entry.key.cause in ACCEPTANCE and entry.post_id == post_id)
    ]


def turns(session: Session, keys: Collection[Key]) -> dict[Key, int]:
    """Return for each key that was ever granted how often it was."""
    if not keys:
        return {}
    statement = (
        select(
            ReputationEntry.user_id,
            ReputationEntry.cause,
            ReputationEntry.subject,
            func.max(ReputationEntry.turn).label("turn"),
        )
        .where(
            ReputationEntry.user_id.in_({key.user_id for key in keys}),
            ReputationEntry.cause.in_({key.cause for key in keys}),
            ReputationEntry.subject.in_({key.subject for key in keys}),
        )
        .group_by(ReputationEntry.user_id, ReputationEntry.cause, ReputationEntry.subject)
    )
    return {Key(row.user_id, Cause(row.cause), row.subject): row.turn for row in session.execute(statement)}


def days_of(session: Session, user_id: int) -> dict[dt.date, Day]:
    """Return what each day did to a person's total, in the order of days."""
    statement = (
        select(ReputationDay.day, ReputationDay.gain, ReputationDay.floor)
        .where(ReputationDay.user_id == user_id)
        .order_by(ReputationDay.day)
    )
    return {row.day: Day(gain=row.gain, floor=row.floor) for row in session.execute(statement)}


def history(session: Session, user_id: int, cursor: Cursor | None) -> Page[LedgerLine]:
    """Return a page of a person's ledger, the latest line first."""
    entry = ReputationEntry
    statement = select(
        entry.id, entry.cause, entry.points, entry.change, entry.is_reversal, entry.post_id, entry.note,
        entry.earned_at, entry.recorded_at,
    ).where(entry.user_id == user_id)  # fmt: skip
    rows = session.execute(place(statement, cursor, key=entry.id, id=entry.id)).all()
    lines = [LedgerLine(**row._mapping) for row in rows]
    return paged(lines, cursor, place_of=lambda line: (line.id, line.id))


def leaders(session: Session, *, since: dt.date, limit: int = 100) -> list[Leader]:
    """Return who gained most from a day on, at most `limit` people."""
    gain = func.sum(ReputationDay.gain)
    statement = (
        select(ReputationDay.user_id, gain.label("gain"))
        # SQLite would rather go through everybody's days, which grouping by person seems to suggest.
        .with_hint(ReputationDay, "INDEXED BY ix_reputation_day_day_user_id_gain", "sqlite")
        .where(ReputationDay.day >= since)
        .group_by(ReputationDay.user_id)
        .having(gain > 0)
        .order_by(gain.desc(), ReputationDay.user_id)
        .limit(limit)
    )
    return [Leader(user_id=row.user_id, gain=row.gain) for row in session.execute(statement)]


def _entries(session: Session, condition: ColumnElement[bool]) -> list[Entry]:
    rows = session.execute(select(*_columns).where(condition).order_by(ReputationEntry.id))
    return [_entry(row) for row in rows]


def _entry(row: Row[int, int, str, str, int, int, dt.datetime, int | None]) -> Entry:
    return Entry(
        id=row.id,
        key=Key(row.user_id, Cause(row.cause), row.subject),
        turn=row.turn,
        points=row.points,
        earned_at=row.earned_at,
        post_id=row.post_id,
    )
