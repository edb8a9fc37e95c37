"""Writing the ledger: the only place that adds entries and moves anybody's reputation."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.core import clock
from forum.core.i18n import marked
from forum.core.tables import Base
from forum.reputation import queries
from forum.reputation.models import ReputationDay, ReputationEntry
from forum.reputation.rules import Cause, Day, Entry, Grant, Key, sum_up, total

# Plain tables rather than classes: the bulk statements of the ORM cost three times as much, and votes wait.
_entries = Base.metadata.tables[ReputationEntry.__tablename__]
_days = Base.metadata.tables[ReputationDay.__tablename__]
_people = Base.metadata.tables[User.__tablename__]


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
    # key_share: rows that point at a person are added before this lock; a full one would wait for the
    # transactions that added them, each for the other.
    locked = (
        select(_people.c.id)
        .where(_people.c.id.in_(people))
        .order_by(_people.c.id)
        .with_for_update(key_share=True)
    )
    session.execute(locked).all()
    turns = queries.turns(session, [given.key for given in grant])
    for user_id in people:
        ledger = _Ledger(session, user_id, reverse=reverse, grant=grant)
        ledger.reverse(trigger_post_id)
        ledger.grant(turns)
        ledger.save()


class _Ledger:
    """One locked person's ledger, with the days that are about to change held in memory."""

    def __init__(
        self, session: Session, user_id: int, *, reverse: Sequence[Entry], grant: Sequence[Grant]
    ) -> None:
        self._session = session
        self._user_id = user_id
        self._reversals = [entry for entry in reverse if entry.key.user_id == user_id]
        self._grants = [given for given in grant if given.key.user_id == user_id]
        self._touched = {entry.earned_at.date() for entry in self._reversals}
        self._touched |= {given.earned_at.date() for given in self._grants}
        self._days = queries.days_of(session, user_id)
        self._standing: dict[dt.date, list[Entry]] = defaultdict(list)
        for entry in queries.standing_on(session, user_id=user_id, days=self._touched):
            self._standing[entry.earned_at.date()].append(entry)
        self._total = total(self._days.values())
        self._rows: list[dict[str, object]] = []

    def reverse(self, trigger_post_id: int | None) -> None:
        for entry in self._reversals:
            day = self._standing[entry.earned_at.date()]
            day[:] = [other for other in day if other.id != entry.id]
            extra = {"is_reversal": True, "reverses_id": entry.id, "trigger_post_id": trigger_post_id}
            self._note(entry, points=-entry.points, note=None, **extra)

    def grant(self, turns: dict[Key, int]) -> None:
        for given in self._grants:
            turn = turns.get(given.key, 0) + 1
            turns[given.key] = turn
            entry = Entry(
                id=0, key=given.key, turn=turn, points=given.points, earned_at=given.earned_at,
                post_id=given.post_id,
            )  # fmt: skip
            self._standing[entry.earned_at.date()].append(entry)
            extra = {"is_reversal": False, "reverses_id": None, "trigger_post_id": None}
            self._note(entry, points=given.points, note=given.note, **extra)

    def _note(self, entry: Entry, *, points: int, note: str | None, **extra: object) -> None:
        """Keep the row of an entry, with the change that it makes to the total."""
        day = entry.earned_at.date()
        self._days[day] = sum_up(self._standing[day])
        self._days = dict(sorted(self._days.items()))
        before, self._total = self._total, total(self._days.values())
        self._rows.append(
            {
                "user_id": self._user_id,
                "cause": entry.key.cause,
                "subject": entry.key.subject,
                "turn": entry.turn,
                "post_id": entry.post_id,
                "points": points,
                "change": self._total - before,
                "note": note,
                "earned_at": entry.earned_at,
                "earned_on": day,
                "recorded_at": clock.now(),
                **extra,
            }
        )

    def save(self) -> None:
        session = self._session
        session.execute(insert(_entries), self._rows)
        write_days(
            session, self._user_id, {day: self._days[day] for day in self._touched if self._standing[day]}
        )
        gone = [day for day in self._touched if not self._standing[day]]
        if gone:
            at = (_days.c.user_id == self._user_id, _days.c.day.in_(gone))
            session.execute(delete(_days).where(*at))
        session.execute(update(_people).where(_people.c.id == self._user_id).values(reputation=self._total))


def write_days(session: Session, user_id: int, days: dict[dt.date, Day]) -> None:
    """Set what some days do to a locked person's total."""
    if not days:
        return
    at = (_days.c.user_id == user_id, _days.c.day.in_(list(days)))
    session.execute(delete(_days).where(*at))
    rows = [
        {"user_id": user_id, "day": day, "gain": summed.gain, "floor": summed.floor}
        for day, summed in days.items()
    ]
    session.execute(insert(_days), rows)


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
        "user_id": user_id, "cause": key.cause, "subject": key.subject,
        "turn": queries.turns(session, [key]).get(key, 0) + 1, "is_reversal": False, "reverses_id": None,
        "trigger_post_id": None, "post_id": None, "points": 0, "change": by,
        "note": marked("corrects changes that did not add up"), "earned_at": now, "earned_on": now.date(),
        "recorded_at": now,
    }  # fmt: skip
    session.execute(insert(_entries), [row])
    rebuild(session, user_id)
