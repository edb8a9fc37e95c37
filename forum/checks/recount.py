"""What votes and acceptances demand of the ledgers, worked out from nothing but themselves.

This is the independent side of the ledger's check: it reads votes, acceptances and deletions, and no entry of
a ledger but those that an import reconciled, which stand by themselves.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, func, select
from sqlalchemy.orm import Session, aliased

from forum.accounts.models import User
from forum.checks.windows import windows
from forum.posts.models import Post
from forum.reputation.models import ReputationEntry
from forum.reputation.rules import (
    Cause,
    Entry,
    Grant,
    Key,
    accept_grants,
    keeps_reputation,
    replay,
    vote_grants,
)
from forum.votes.models import Vote

Whom = Callable[[SQLColumnExpression[Any]], ColumnElement[bool]]
"""Turns a column of user ids into the condition that it names one of the people in question."""

# Tables and not classes: hundreds of thousands of rows come through here, and each costs half as much so.
_post, _vote = Post.__table__.c, Vote.__table__.c
_question = Post.__table__.alias("question").c
_gone_at = func.coalesce(_post.deleted_at, _question.deleted_at)
_thread = Post.__table__.outerjoin(_question.id.table, _question.id == _post.question_id)
_votes = select(
    _vote.id, _vote.post_id, _vote.user_id, _vote.value, _vote.cast_at, _post.kind, _post.author_id
).select_from(_thread.join(Vote.__table__, _vote.post_id == _post.id))
_acceptances = (
    select(_post.id, _post.author_id, _question.author_id.label("asker_id"), _question.accepted_at)
    .select_from(_thread)
    .where(_question.accepted_answer_id == _post.id, _question.accepted_at.is_not(None))
)


def recount(session: Session, user_ids: Collection[int] | None = None) -> dict[int, int]:
    """Return the reputation of people (of everybody, if none are named) as the votes demand it."""
    if user_ids is not None:
        ids = list(user_ids)
        return _totals(session, ids, lambda column: column.in_(ids))
    totals: dict[int, int] = {}
    for window in windows(session, User.id):
        ids = list(session.scalars(select(User.id).where(window.holds(User.id))))
        totals |= _totals(session, ids, window.holds)
    return totals


def demanded(session: Session, whom: Whom) -> dict[int, dict[Key, Grant]]:
    """Return by person what their ledgers must hold, without what an import reconciled."""
    demand: dict[int, dict[Key, Grant]] = defaultdict(dict)
    for grant in _grants(session, whom):
        demand[grant.key.user_id][grant.key] = grant
    return demand


def _totals(session: Session, user_ids: Collection[int], whom: Whom) -> dict[int, int]:
    reconciled: dict[int, list[Entry]] = defaultdict(list)
    for entry in _reconciled(session, whom):
        reconciled[entry.key.user_id].append(entry)
    demand = demanded(session, whom)
    return {
        user_id: replay([*reconciled[user_id], *map(_as_entry, demand[user_id].values())])
        for user_id in user_ids
    }


def _grants(session: Session, whom: Whom) -> Iterator[Grant]:
    """Yield what is demanded of these people's ledgers; the same grant may come twice."""
    as_author = _votes.where(whom(_post.author_id))
    as_voter = _votes.where(whom(_vote.user_id), _vote.value < 0, _post.kind == "answer")
    for row in _standing(session, as_author):
        yield from _of(row.author_id, _granted_by_vote(row))
    for row in _standing(session, as_voter):
        yield from _of(row.user_id, _granted_by_vote(row))
    for row in _standing(session, _acceptances.where(whom(_post.author_id))):
        yield from _of(row.author_id, _granted_by_acceptance(row))
    for row in _standing(session, _acceptances.where(whom(_question.author_id))):
        yield from _of(row.asker_id, _granted_by_acceptance(row))


def _standing(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield the rows whose post still counts: visible, or useful for long before it was deleted."""
    batches = {"yield_per": 5_000}
    yield from session.execute(statement.where(_gone_at.is_(None)), execution_options=batches)
    of_gone = statement.where(_gone_at.is_not(None)).add_columns(
        _post.score, _post.created_at, _gone_at.label("gone_at")
    )
    for row in session.execute(of_gone, execution_options=batches):
        if keeps_reputation(score=row.score, created_at=row.created_at, deleted_at=row.gone_at):
            yield row


def _granted_by_vote(row: Row[*tuple[Any, ...]]) -> list[Grant]:
    return vote_grants(
        post_id=row.post_id,
        kind=row.kind,
        author_id=row.author_id,
        voter_id=row.user_id,
        value=row.value,
        cast_at=row.cast_at,
        vote_id=row.id,
    )


def _granted_by_acceptance(row: Row[*tuple[Any, ...]]) -> list[Grant]:
    return accept_grants(
        answer_id=row.id, answerer_id=row.author_id, asker_id=row.asker_id, accepted_at=row.accepted_at
    )


def _of(user_id: int, grants: Iterable[Grant]) -> Iterator[Grant]:
    return (grant for grant in grants if grant.key.user_id == user_id)


def _reconciled(session: Session, whom: Whom) -> list[Entry]:
    reversal = aliased(ReputationEntry)
    statement = (
        select(ReputationEntry)
        .outerjoin(reversal, reversal.reverses_id == ReputationEntry.id)
        .where(whom(ReputationEntry.user_id), ReputationEntry.cause == Cause.RECONCILED)
        .where(ReputationEntry.is_reversal.is_(False), reversal.id.is_(None))
    )
    return [
        Entry(
            id=row.id,
            key=Key(row.user_id, Cause.RECONCILED, row.subject),
            turn=row.turn,
            points=row.points,
            earned_at=row.earned_at,
            post_id=row.post_id,
        )
        for row in session.scalars(statement)
    ]


def _as_entry(grant: Grant) -> Entry:
    return Entry(
        id=0,
        key=grant.key,
        turn=1,
        points=grant.points,
        earned_at=grant.earned_at,
        post_id=grant.post_id,
    )
