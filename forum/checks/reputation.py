"""Reputation: the ledger against the votes, the days against the ledger, the totals against both."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.checks.differences import Difference
from forum.checks.ledgers import Ledger, read_ledgers
from forum.checks.posts import lock_threads
from forum.checks.recount import Whom, recount
from forum.checks.suspects import suspects
from forum.checks.windows import portions, windows
from forum.core.db import Database
from forum.reputation import actions
from forum.reputation.rules import START, Day, total

__all__ = ["REPUTATION", "Reputation", "recount"]

PEOPLE_AT_ONCE = 50
"""People whose ledgers are held in memory, or mended in one transaction; some have thousands of lines."""


class Reputation:
    """The ledgers of all people."""

    name = "reputation"

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield what a ledger, its days or its total have too much, too little or wrong."""
        for window in windows(session, User.id):
            for people in portions(suspects(session, window.holds), size=PEOPLE_AT_ONCE):
                for ledger in read_ledgers(session, _these(people)):
                    yield from _differences(ledger)

    def repair(self, database: Database) -> None:
        """Make the ledgers what votes and acceptances demand, by new entries, and derive the rest again."""
        with database.reading() as session:
            wrong = [
                ledger.user_id
                for window in windows(session, User.id)
                for people in portions(suspects(session, window.holds), size=PEOPLE_AT_ONCE)
                for ledger in read_ledgers(session, _these(people))
                if next(_differences(ledger), None)
            ]
        for people in portions(wrong, size=PEOPLE_AT_ONCE):
            _mend(database, people)


def _mend(database: Database, user_ids: Sequence[int]) -> None:
    with database.reading() as session:
        ledgers = read_ledgers(session, _these(user_ids))
        posts = {grant.post_id for ledger in ledgers for grant in ledger.missing()}
        posts |= {entry.post_id for ledger in ledgers for entry in ledger.surplus()}
    with database.transaction() as session:
        # Threads before people, as the actions do. What concerns another post by now waits for the next time.
        session.execute(lock_threads([post_id for post_id in posts if post_id is not None])).all()
        people = select(User.id).where(User.id.in_(user_ids)).order_by(User.id)
        session.execute(people.with_for_update(key_share=True)).all()
        for user_id in user_ids:
            actions.rebuild(session, user_id)
        for ledger in read_ledgers(session, _these(user_ids)):
            actions.record(
                session,
                reverse=[entry for entry in ledger.surplus() if entry.post_id in posts],
                grant=[grant for grant in ledger.missing() if grant.post_id in posts],
            )
        for ledger in read_ledgers(session, _these(user_ids)):
            if by := ledger.unbalanced():
                actions.balance(session, ledger.user_id, by=by)


def _these(user_ids: Sequence[int]) -> Whom:
    return lambda column: column.in_(user_ids)


def _differences(ledger: Ledger) -> Iterator[Difference]:
    yield from _of_entries(ledger)
    days = ledger.summed_up()
    yield from _of_days(ledger, days)
    reputation = total(days.values())
    if ledger.reputation != reputation:
        yield Difference("user.reputation", ledger.user_id, str(reputation), str(ledger.reputation))
    if START + ledger.changes != reputation:
        changes = str(reputation - START)
        yield Difference("reputation_entry.change", ledger.user_id, changes, str(ledger.changes))


def _of_entries(ledger: Ledger) -> Iterator[Difference]:
    for grant in ledger.missing():
        line = f"{grant.points:+d} for {grant.key.cause} ({grant.key.subject}) at {grant.earned_at}"
        yield Difference("reputation_entry.missing", ledger.user_id, line, "no such entry")
    for entry in ledger.surplus():
        line = f"{entry.points:+d} for {entry.key.cause} ({entry.key.subject}) at {entry.earned_at}"
        yield Difference("reputation_entry.surplus", entry.id, "no such entry", line)


def _of_days(ledger: Ledger, expected: dict[dt.date, Day]) -> Iterator[Difference]:
    for day in sorted(expected.keys() | ledger.days.keys()):
        if expected.get(day) != ledger.days.get(day):
            right, wrong = _of_day(day, expected.get(day)), _of_day(day, ledger.days.get(day))
            yield Difference("reputation_day", ledger.user_id, right, wrong)


def _of_day(day: dt.date, summed: Day | None) -> str:
    return f"nothing on {day}" if summed is None else f"{summed.gain:+d} (at least {summed.floor}) on {day}"


REPUTATION = Reputation()
