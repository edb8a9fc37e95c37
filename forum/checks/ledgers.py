"""Ledgers as they are, read for the check: entries, days and totals of some people."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.checks.recount import Whom, demanded
from forum.reputation.models import ReputationDay, ReputationEntry
from forum.reputation.rules import START, Cause, Day, Entry, Grant, Key, sum_up, total

# Looking a cause up is five times as fast as calling the enum, and there is one for each line.
_CAUSES = {cause.value: cause for cause in Cause}


@dataclass(slots=True)
class Ledger:
    """One person's ledger, with what it is compared with."""

    user_id: int
    reputation: int
    demand: Mapping[Key, Grant]
    standing: dict[int, Entry] = field(default_factory=dict)
    days: dict[dt.date, Day] = field(default_factory=dict)
    changes: int = 0

    def missing(self) -> list[Grant]:
        """Return what is demanded and has no entry like it."""
        there = {_content(entry) for entry in self.standing.values()}
        return [grant for grant in self.demand.values() if _content(grant) not in there]

    def surplus(self) -> list[Entry]:
        """Return the entries that nothing demands, or that stand twice."""
        found, wrong = set(), []
        for entry in self.standing.values():
            if entry.key.cause is Cause.RECONCILED:
                continue
            grant = self.demand.get(entry.key)
            if grant is None or _content(grant) != _content(entry) or entry.key in found:
                wrong.append(entry)
            found.add(entry.key)
        return wrong

    def summed_up(self) -> dict[dt.date, Day]:
        """Return what the days should be by the entries that stand."""
        by_day: dict[dt.date, list[Entry]] = defaultdict(list)
        for entry in self.standing.values():
            by_day[entry.earned_at.date()].append(entry)
        return {day: sum_up(entries) for day, entries in sorted(by_day.items())}

    def unbalanced(self) -> int:
        """Return by how much the changes, as they were entered, miss the total that the entries add up to."""
        return total(self.summed_up().values()) - START - self.changes


def read_ledgers(session: Session, whom: Whom) -> list[Ledger]:
    """Return the ledgers of these people in the order of their ids; seven statements."""
    demand = demanded(session, whom)
    people = select(User.id, User.reputation).where(whom(User.id)).order_by(User.id)
    ledgers = {
        row.id: Ledger(row.id, row.reputation, demand.get(row.id, {})) for row in session.execute(people)
    }
    _read_entries(session, whom, ledgers)
    days = select(ReputationDay.user_id, ReputationDay.day, ReputationDay.gain, ReputationDay.floor)
    for row in session.execute(days.where(whom(ReputationDay.user_id))):
        ledgers[row.user_id].days[row.day] = Day(gain=row.gain, floor=row.floor)
    return list(ledgers.values())


def _read_entries(session: Session, whom: Whom, ledgers: Mapping[int, Ledger]) -> None:
    entry = ReputationEntry.__table__.c
    columns = select(
        entry.id, entry.user_id, entry.cause, entry.subject, entry.turn, entry.reverses_id,
        entry.points, entry.change, entry.earned_at, entry.post_id,
    )  # fmt: skip
    # A reversal has a higher id than what it reverses, so one pass in the order of ids suffices.
    ordered = columns.where(whom(entry.user_id)).order_by(entry.user_id, entry.id)
    for row in session.execute(ordered, execution_options={"yield_per": 5_000}):
        ledger = ledgers[row.user_id]
        ledger.changes += row.change
        if row.reverses_id is not None:
            ledger.standing.pop(row.reverses_id, None)
            continue
        key = Key(row.user_id, _CAUSES[row.cause], row.subject)
        ledger.standing[row.id] = Entry(row.id, key, row.turn, row.points, row.earned_at, row.post_id)


def _content(line: Grant | Entry) -> tuple[Key, int, dt.datetime, int | None]:
    return line.key, line.points, line.earned_at, line.post_id
