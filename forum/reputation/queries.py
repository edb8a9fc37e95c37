"""What the ledger says."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, null, select
from sqlalchemy.orm import Session, aliased

from forum.core.paging import Cursor, Page, paged, place
from forum.core.prepared import Prepared
from forum.core.reading import connection_of
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
# Prepared, as votes wait for them and an import asks them for each person of each batch.
_standing_on = Prepared(
    select(*_columns)
    .where(
        ReputationEntry.user_id == bindparam("user_id"),
        ReputationEntry.earned_on.in_(bindparam("days", expanding=True)),
        _stands,
    )
    .order_by(ReputationEntry.id)
)
_standing_by_key = select(*_columns).where(
    ReputationEntry.user_id == bindparam("user_id"),
    ReputationEntry.cause == bindparam("cause"),
    ReputationEntry.subject == bindparam("subject"),
    _stands,
)
_earlier = (
    select(
        ReputationDay.gain,
        ReputationDay.floor,
        func.sum(ReputationDay.gain).over(order_by=ReputationDay.day).label("gain_up_to"),
    )
    .where(ReputationDay.user_id == bindparam("user_id"), ReputationDay.day < bindparam("first"))
    .subquery()
)
# The days from the first on, and all before it as one: `Day.then` over many days is a sum and a maximum.
_days_from = Prepared(
    select(ReputationDay.day, ReputationDay.gain, ReputationDay.floor)
    .where(ReputationDay.user_id == bindparam("user_id"), ReputationDay.day >= bindparam("first"))
    .union_all(
        select(
            null(),
            func.sum(_earlier.c.gain),
            func.sum(_earlier.c.gain) + func.max(_earlier.c.floor - _earlier.c.gain_up_to),
        )
    )
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
    """Return the entries of the keys that were not reversed; one statement for each key."""
    connection = connection_of(session)
    rows = (
        row
        for key in keys
        for row in connection.execute(
            _standing_by_key, {"user_id": key.user_id, "cause": key.cause, "subject": key.subject}
        )
    )
    return sorted(map(_entry, rows), key=lambda entry: entry.id)


def standing_of_posts(session: Session, post_ids: Collection[int]) -> list[Entry]:
    """Return the entries that posts earned for anybody and that were not reversed."""
    return _entries(session, and_(ReputationEntry.post_id.in_(post_ids), _stands))


def standing_on(session: Session, *, user_id: int, days: Collection[dt.date]) -> list[Entry]:
    """Return a person's entries of some days that were not reversed."""
    rows = _standing_on.rows(connection_of(session), {"user_id": user_id, "days": list(days)})
    return list(map(_entry, rows))


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


def days_of(session: Session, user_id: int) -> dict[dt.date, Day]:
    """Return what each day did to a person's total, in the order of days."""
    statement = (
        select(ReputationDay.day, ReputationDay.gain, ReputationDay.floor)
        .where(ReputationDay.user_id == user_id)
        .order_by(ReputationDay.day)
    )
    return {row.day: Day(gain=row.gain, floor=row.floor) for row in session.execute(statement)}


def days_from(session: Session, user_id: int, first: dt.date) -> tuple[Day, dict[dt.date, Day]]:
    """Return what all days before `first` did to a person's total, as one day, and each day from then on."""
    rows = _days_from.rows(connection_of(session), {"user_id": user_id, "first": first})
    before, days = Day(), {}
    for day, gain, floor in rows:
        if day is not None:
            days[day] = Day(gain=gain, floor=floor)
        elif gain is not None:
            before = Day(gain=gain, floor=floor)
    return before, days


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


def _entry(row: Sequence[Any]) -> Entry:
    id_, user_id, cause, subject, turn, points, earned_at, post_id = row
    key = Key(user_id, Cause(cause), subject)
    return Entry(id=id_, key=key, turn=turn, points=points, earned_at=earned_at, post_id=post_id)
