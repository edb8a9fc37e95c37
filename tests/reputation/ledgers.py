"""What tests of the ledger share: people, and the statement that their totals are right."""

import time
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.reputation import queries, rules
from forum.reputation.models import ReputationEntry
from tests.reputation import oracle

_numbers = count(1)


def join(session: Session, people: int) -> list[Actor]:
    """Make some people with names of their own."""
    actors = []
    for _ in range(people):
        name = f"person{next(_numbers)}x{time.time_ns()}"
        made = insert(User).values(name=name, name_key=name, created_at=datetime(2020, 1, 1, tzinfo=UTC))
        user_id = session.execute(made.returning(User.id)).scalar_one()
        actors.append(Actor(id=user_id, name=name, role="member", reputation=1))
    return actors


def assert_ledgers_are_right(session: Session, people: list[Actor]) -> None:
    """Assert that total, replay of the ledger, sum of its changes and recount of the votes are one number."""
    ids = [person.id for person in people]
    kept = session.execute(select(User.id, User.reputation).where(User.id.in_(ids)))
    totals = {row.id: row.reputation for row in kept}
    entry = ReputationEntry
    sums = select(entry.user_id, func.sum(entry.change)).where(entry.user_id.in_(ids)).group_by(entry.user_id)
    changes = {row[0]: row[1] for row in session.execute(sums)}
    replayed = {user_id: rules.replay(queries.standing_of(session, user_id)) for user_id in ids}
    from_days = {user_id: rules.total(queries.days_of(session, user_id).values()) for user_id in ids}

    assert totals == oracle.recount(session, ids)
    assert totals == replayed
    assert totals == from_days
    assert totals == {user_id: 1 + changes.get(user_id, 0) for user_id in ids}
