"""Writing the ledger: the only place that adds entries and moves anybody's reputation."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import Integer, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.core import clock
from forum.core.i18n import marked
from forum.core.reading import connection_of
from forum.core.sending import send
from forum.core.tables import Base, one_or_many
from forum.reputation import queries
from forum.reputation.models import ReputationDay, ReputationEntry
from forum.reputation.rules import Cause, Day, Entry, Grant, Key, sum_up, total

# Plain tables and statements built once: those of the ORM cost several times as much, and votes wait.
_entries = Base.metadata.tables[ReputationEntry.__tablename__]
_days = Base.metadata.tables[ReputationDay.__tablename__]
_people = Base.metadata.tables[User.__tablename__]

# key_share: rows that point at a person are added before this lock; a full one would wait for the
# transactions that added them, each for the other.
_lock_people = (
    select(_people.c.id)
    .where(_people.c.id.in_(bindparam("people", expanding=True)))
    .order_by(_people.c.id)
    .with_for_update(key_share=True)
)
_latest_turn = (
    select(func.max(_entries.c.turn))
    .where(
        _entries.c.user_id == bindparam("of_user"),
        _entries.c.cause == bindparam("of_cause"),
        _entries.c.subject == bindparam("of_subject"),
    )
    .scalar_subquery()
)
# A reversal has the turn of its entry, a grant the next one.
_enter = (
    insert(_entries)
    .values(turn=func.coalesce(bindparam("reversed_turn", type_=Integer()), _latest_turn + 1, 1))
    .inline()
)
_set_total = update(_people).where(_people.c.id == bindparam("of_user")).values(reputation=bindparam("total"))
_drop_days = delete(_days).where(_days.c.user_id == bindparam("of_user"), _days.c.day == bindparam("of_day"))


def _putting(rows: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    sums = {"gain": rows.excluded.gain, "floor": rows.excluded.floor}
    return rows.on_conflict_do_update(index_elements=[_days.c.user_id, _days.c.day], set_=sums)


_put_days = {
    "sqlite": _putting(sqlite.insert(_days)),
    "postgresql": _putting(postgresql.insert(_days)),
}


def record(
    session: Session,
    *,
    grant: Sequence[Grant] = (),
    reverse: Sequence[Entry] = (),
    trigger_post_id: int | None = None,
) -> None:
    """Add entries to the ledgers: first reversals of standing entries, then grants; totals follow.

    Locks the people concerned in the order of their ids, so call it once per action, after the thread was
    locked. `trigger_post_id` names the post whose deletion causes the reversals.
    """
    people = sorted({entry.key.user_id for entry in reverse} | {given.key.user_id for given in grant})
    if not people:
        return
    session.flush()
    # On SQLite the transaction itself is the lock.
    if connection_of(session).dialect.name != "sqlite":
        send(session, _lock_people, {"people": people})
    ledgers = [
        _Ledger(session, user_id, reverse=reversals, grant=grants)
        for user_id, reversals, grants in _by_person(people, reverse, grant)
    ]
    for ledger in ledgers:
        ledger.reverse(trigger_post_id)
        ledger.grant()
    _save(session, ledgers)


def _by_person(
    people: Sequence[int], reverse: Sequence[Entry], grant: Sequence[Grant]
) -> Iterator[tuple[int, list[Entry], list[Grant]]]:
    reversals: dict[int, list[Entry]] = defaultdict(list)
    grants: dict[int, list[Grant]] = defaultdict(list)
    for entry in reverse:
        reversals[entry.key.user_id].append(entry)
    for given in grant:
        grants[given.key.user_id].append(given)
    return ((user_id, reversals[user_id], grants[user_id]) for user_id in people)


def _save(session: Session, ledgers: Sequence["_Ledger"]) -> None:
    """Write what was entered, for all people together: an import has a hundred of them at once."""
    send(session, _enter, one_or_many([row for ledger in ledgers for row in ledger.rows]))
    _put(session, [row for ledger in ledgers for row in ledger.summed_days()])
    if gone := [row for ledger in ledgers for row in ledger.empty_days()]:
        send(session, _drop_days, one_or_many(gone))
    totals: list[dict[str, object]] = [
        {"of_user": ledger.user_id, "total": ledger.total} for ledger in ledgers
    ]
    send(session, _set_total, one_or_many(totals))


class _Ledger:
    """One locked person's ledger, with the days that are about to change held in memory."""

    def __init__(
        self, session: Session, user_id: int, *, reverse: Sequence[Entry], grant: Sequence[Grant]
    ) -> None:
        self.user_id = user_id
        self._reversals = reverse
        self._grants = grant
        self._touched = {entry.earned_at.date() for entry in self._reversals}
        self._touched |= {given.earned_at.date() for given in self._grants}
        self._before, self._days = queries.days_from(session, user_id, min(self._touched))
        self._standing: dict[dt.date, list[Entry]] = defaultdict(list)
        for entry in queries.standing_on(session, user_id=user_id, days=self._touched):
            self._standing[entry.earned_at.date()].append(entry)
        self.total = self._sum()
        self.rows: list[dict[str, object]] = []

    def reverse(self, trigger_post_id: int | None) -> None:
        for entry in self._reversals:
            day = self._standing[entry.earned_at.date()]
            day[:] = [other for other in day if other.id != entry.id]
            extra = {"is_reversal": True, "reverses_id": entry.id, "trigger_post_id": trigger_post_id}
            self._note(entry, points=-entry.points, note=None, **extra)

    def grant(self) -> None:
        for given in self._grants:
            # The turn is known when it is written; of one key only one entry stands at a time.
            entry = Entry(
                id=0, key=given.key, turn=0, points=given.points, earned_at=given.earned_at,
                post_id=given.post_id,
            )  # fmt: skip
            self._standing[entry.earned_at.date()].append(entry)
            extra = {"is_reversal": False, "reverses_id": None, "trigger_post_id": None}
            self._note(entry, points=given.points, note=given.note, **extra)

    def _sum(self) -> int:
        return total([self._before, *(day for _, day in sorted(self._days.items()))])

    def _note(self, entry: Entry, *, points: int, note: str | None, **extra: object) -> None:
        """Keep the row of an entry, with the change that it makes to the total."""
        day = entry.earned_at.date()
        self._days[day] = sum_up(self._standing[day])
        before, self.total = self.total, self._sum()
        self.rows.append(
            {
                **_of(entry.key, reversed_turn=entry.turn or None),
                "post_id": entry.post_id,
                "points": points,
                "change": self.total - before,
                "note": note,
                "earned_at": entry.earned_at,
                "earned_on": day,
                "recorded_at": clock.now(),
                **extra,
            }
        )

    def summed_days(self) -> list[dict[str, object]]:
        """Return the rows of the days that have changed and on which anything stands."""
        return _rows_of(self.user_id, {day: self._days[day] for day in self._touched if self._standing[day]})

    def empty_days(self) -> list[dict[str, object]]:
        """Return which days nothing stands on any more."""
        return [{"of_user": self.user_id, "of_day": day} for day in self._touched if not self._standing[day]]


def _of(key: Key, *, reversed_turn: int | None) -> dict[str, object]:
    """Return what names a line: for whom, why, what for, and the turn of the entry that it reverses."""
    return {
        "user_id": key.user_id, "cause": key.cause, "subject": key.subject, "reversed_turn": reversed_turn,
        "of_user": key.user_id, "of_cause": key.cause, "of_subject": key.subject,
    }  # fmt: skip


def write_days(session: Session, user_id: int, days: dict[dt.date, Day]) -> None:
    """Set what some days do to a locked person's total."""
    _put(session, _rows_of(user_id, days))


def _rows_of(user_id: int, days: dict[dt.date, Day]) -> list[dict[str, object]]:
    return [
        {"user_id": user_id, "day": day, "gain": summed.gain, "floor": summed.floor}
        for day, summed in days.items()
    ]


def _put(session: Session, rows: list[dict[str, object]]) -> None:
    if rows:
        send(session, _put_days[connection_of(session).dialect.name], one_or_many(rows))


def rebuild(session: Session, user_id: int) -> int:
    """Derive a person's days and total from the ledger again and return the total."""
    session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True)).all()
    by_day: dict[dt.date, list[Entry]] = defaultdict(list)
    for entry in queries.standing_of(session, user_id):
        by_day[entry.earned_at.date()].append(entry)
    days = {day: sum_up(entries) for day, entries in sorted(by_day.items())}
    session.execute(delete(_days).where(_days.c.user_id == user_id))
    write_days(session, user_id, days)
    reputation = total(days.values())
    session.execute(update(_people).where(_people.c.id == user_id).values(reputation=reputation))
    return reputation


def balance(session: Session, user_id: int, *, by: int) -> None:
    """Add a line worth no points whose change is `by`, so that a locked person's changes add up to the total.

    Only a ledger that somebody altered from outside needs one.
    """
    key = Key(user_id, Cause.RECONCILED, "changes")
    now = clock.now()
    row = {
        **_of(key, reversed_turn=None), "is_reversal": False, "reverses_id": None,
        "trigger_post_id": None, "post_id": None, "points": 0, "change": by,
        "note": marked("corrects changes that did not add up"), "earned_at": now, "earned_on": now.date(),
        "recorded_at": now,
    }  # fmt: skip
    send(session, _enter, row)
    rebuild(session, user_id)
