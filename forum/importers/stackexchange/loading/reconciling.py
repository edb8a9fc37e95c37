"""Making each imported person's reputation what the dump says it is.

A ledger of votes and acceptances alone does not get there: it lacks votes on deleted posts, bounties,
suggested edits, and on a meta site all that was earned on the main site. The difference is one more entry.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.core import clock
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.progress import Step
from forum.reputation.actions import record
from forum.reputation.models import ReputationEntry
from forum.reputation.rules import Cause, Grant, Key

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
            record(session, grant=_differences(session, run.origin, people, at=at))
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
