"""Making each imported person's reputation what the dump says it is.

A ledger of votes and acceptances alone does not get there: it lacks votes on deleted posts, bounties,
suggested edits, and on a meta site all that was earned on the main site. The difference is one more entry.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.core import clock
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.loading.adding import add
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.progress import Step
from forum.reputation.actions import record
from forum.reputation.models import ReputationDay, ReputationEntry
from forum.reputation.rules import START, Cause, Day, Grant, Key, total

_BATCH = 200
_BEFORE_ALL = -2
"""Below every id of a person: the account of the site itself has -1."""


def reconcile(run: Run, step: Step) -> None:
    """Give everybody who came with this dump an entry over what their votes don't explain.

    People who were here before keep what they have: what they earned here since is not in the dump.
    """
    user = staged.user
    at = _newest(run)
    last = _BEFORE_ALL
    while True:
        some = select(user).where(user.c.state == staged.IMPORTED, user.c.id > last).order_by(user.c.id)
        people = run.staging.select(some.limit(_BATCH))
        if not people:
            return
        with run.database.transaction() as session:
            grants = _differences(session, run.origin, people, at=at)
            begun = _people_with_a_ledger(session, grants)
            record(session, grant=[grant for grant in grants if grant.key.user_id in begun])
            _open_ledgers(session, [grant for grant in grants if grant.key.user_id not in begun])
        last = people[-1].id
        step.advance(len(people))


def _differences(session: Session, origin: str, people: list[Row[Any]], *, at: datetime) -> list[Grant]:
    by_id = {person.local_id: person for person in people}
    have = {
        row.id: row.reputation
        for row in session.execute(select(User.id, User.reputation).where(User.id.in_(by_id)))
    }
    keys = {id_: Key(id_, Cause.RECONCILED, _subject(origin, person.id)) for id_, person in by_id.items()}
    made = select(ReputationEntry.user_id).where(
        ReputationEntry.cause == Cause.RECONCILED,
        ReputationEntry.subject.in_([key.subject for key in keys.values()]),
    )
    done = set(session.scalars(made))
    return [
        Grant(
            key=keys[id_],
            points=person.reputation - have[id_],
            earned_at=at,
            post_id=None,
            note=f"The dump of {origin} says {person.reputation}; its votes add up to {have[id_]}.",
        )
        for id_, person in by_id.items()
        if person.reputation != have[id_] and id_ not in done
    ]


def _people_with_a_ledger(session: Session, grants: list[Grant]) -> set[int]:
    ids = [grant.key.user_id for grant in grants]
    entries = select(ReputationEntry.user_id).where(ReputationEntry.user_id.in_(ids))
    return set(session.scalars(entries.distinct()))


def _open_ledgers(session: Session, grants: list[Grant]) -> None:
    """Enter the first line of people's ledgers.

    Most people of a dump were never voted for. Entering them one by one, as `record` must where there are
    lines already, would take a third of the time of an import.
    """
    entries, days, totals = [], [], []
    for grant in grants:
        day = Day().then(grant.points)
        reputation = total([day])
        at = {"user_id": grant.key.user_id, "day": grant.earned_at.date()}
        days.append(at | {"gain": day.gain, "floor": day.floor})
        totals.append({"id": grant.key.user_id, "reputation": reputation})
        entries.append(
            {
                "user_id": grant.key.user_id,
                "cause": grant.key.cause,
                "subject": grant.key.subject,
                "turn": 1,
                "is_reversal": False,
                "points": grant.points,
                "change": reputation - START,
                "note": grant.note,
                "earned_at": grant.earned_at,
                "earned_on": grant.earned_at.date(),
                "recorded_at": clock.now(),
            }
        )
    if grants:
        add(session, ReputationEntry, entries)
        add(session, ReputationDay, days)
        session.execute(update(User), totals)


def _subject(origin: str, source_id: int) -> str:
    """Name the reconciliation of a person within the 60 characters that the ledger keeps."""
    tail = f"/{source_id}"
    return origin[: 60 - len(tail)] + tail


def _newest(run: Run) -> datetime:
    """Return the moment of the dump's newest row: the figure it gives was true then."""
    tables = (staged.post, staged.comment, staged.vote)
    moments = [
        row.newest
        for table in tables
        for row in run.staging.select(select(func.max(table.c.created_at).label("newest")))
    ]
    return max((moment for moment in moments if moment is not None), default=clock.now())
