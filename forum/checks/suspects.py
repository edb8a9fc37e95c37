"""Which ledgers may be wrong, found by set-based statements.

Comparing every line of every ledger in Python takes minutes for a million votes. The database compares them
in seconds, though it can't follow the rules to their last detail. So this is a sieve: it lets only those
ledgers pass of which it has found every line, day and total right. Whoever is left, such as people with
deleted posts or with days beyond the cap, is looked at line by line in `ledgers`.
"""

from collections.abc import Iterator
from itertools import product

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    Subquery,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.checks.recount import Whom
from forum.posts.models import Post
from forum.reputation.models import ReputationDay, ReputationEntry
from forum.reputation.rules import BEYOND_THE_CAP, DAILY_CAP, POINTS, START, Cause, vote_cause
from forum.votes.models import Vote

_entry = ReputationEntry.__table__.c
_day = ReputationDay.__table__.c
_vote = Vote.__table__.c
_post = Post.__table__.c
_question = Post.__table__.alias("question").c
_reversal = ReputationEntry.__table__.alias("reversal").c

_thread = Post.__table__.outerjoin(_question.id.table, _question.id == _post.question_id)
_voted = _thread.join(Vote.__table__, _vote.post_id == _post.id)
_is_gone = func.coalesce(_post.deleted_at, _question.deleted_at).is_not(None)
_is_accepted = and_(_question.accepted_answer_id == _post.id, _question.accepted_at.is_not(None))
_stands = and_(_entry.is_reversal.is_(False), ~exists().where(_reversal.reverses_id == _entry.id))

_votes = list(product(("question", "answer"), (1, -1)))
_cause_of_vote = case(
    *(
        (and_(_post.kind == kind, _vote.value == value), literal(vote_cause(kind=kind, value=value), String))
        for kind, value in _votes
    )
)
_points_of_vote = case(
    *(
        (and_(_post.kind == kind, _vote.value == value), POINTS[vote_cause(kind=kind, value=value)])
        for kind, value in _votes
    )
)
_voter = func.coalesce(cast(_vote.user_id, String), literal("#", String).concat(cast(_vote.id, String)))
_subject_of_vote = cast(_post.id, String).concat("/").concat(_voter)


def suspects(session: Session, whom: Whom) -> set[int]:
    """Return those of the people whose ledger, days or total may be wrong; seven statements."""
    wrong = set(session.scalars(_touched_by_deletions(whom)))
    lines = {row.user_id: row.lines for row in session.execute(_standing_lines(whom))}
    demanded = {row.user_id: row for row in session.execute(_demanded_lines(whom))}
    days = {row.user_id: row for row in session.execute(_summed_days(whom))}
    kept = {row.user_id: row for row in session.execute(_kept_days(whom))}
    changes = {row.user_id: int(row.changes) for row in session.execute(_changes(whom))}
    for user_id, reputation in session.execute(select(User.id, User.reputation).where(whom(User.id))):
        demand, summed, days_kept = demanded.get(user_id), days.get(user_id), kept.get(user_id)
        counts = (demand.lines, demand.matched) if demand else (0, 0)
        day_counts = (summed.days, summed.matched) if summed else (0, 0)
        total = max(START + int(days_kept.gain), int(days_kept.total)) if days_kept else START
        is_right = (
            counts == (lines.get(user_id, 0),) * 2
            and day_counts == (days_kept.days if days_kept else 0,) * 2
            and reputation == total == START + changes.get(user_id, 0)
        )
        if not is_right:
            wrong.add(user_id)
    return wrong


def _touched_by_deletions(whom: Whom) -> CompoundSelect[int]:
    """Select the people for whom the rule about deleted posts may decide: authors, askers and voters."""
    of_thread = select(_post.author_id).select_from(_thread).where(whom(_post.author_id), _is_gone)
    of_question = (
        select(_question.author_id)
        .select_from(_thread)
        .where(whom(_question.author_id), _is_gone, _is_accepted)
    )
    of_vote = (
        select(_vote.user_id)
        .select_from(_voted)
        .where(whom(_vote.user_id), _vote.value < 0, _post.kind == "answer", _is_gone)
    )
    return union_all(of_thread, of_question, of_vote)


def _demand(whom: Whom) -> Iterator[Select[*tuple[object, ...]]]:
    """Yield the statements for what visible votes and acceptances demand of these people's ledgers."""
    by_vote = (_subject_of_vote.label("subject"), _vote.cast_at.label("earned_at"), _post.id.label("post_id"))
    yield (
        select(
            _post.author_id.label("user_id"), _cause_of_vote.label("cause"), _points_of_vote.label("points"),
            *by_vote,
        )
        .select_from(_voted)
        .where(whom(_post.author_id), ~_is_gone)
    )  # fmt: skip
    yield (
        select(_vote.user_id, *_fixed(Cause.DOWNVOTED_AN_ANSWER), *by_vote)
        .select_from(_voted)
        .where(whom(_vote.user_id), _vote.value < 0, _post.kind == "answer", ~_is_gone)
    )
    by_acceptance = (cast(_post.id, String), _question.accepted_at, _post.id)
    is_of_two = and_(_is_accepted, ~_is_gone, _post.author_id.is_distinct_from(_question.author_id))
    yield (
        select(_post.author_id, *_fixed(Cause.ANSWER_ACCEPTED), *by_acceptance)
        .select_from(_thread)
        .where(whom(_post.author_id), is_of_two)
    )
    yield (
        select(_question.author_id, *_fixed(Cause.ACCEPTED_AN_ANSWER), *by_acceptance)
        .select_from(_thread)
        .where(whom(_question.author_id), is_of_two)
    )


def _fixed(cause: Cause) -> tuple[ColumnElement[str], ColumnElement[int]]:
    return literal(cause.value, String), literal(POINTS[cause])


def _demanded_lines(whom: Whom) -> Select[int, int, int]:
    """Select by person how many lines are demanded, and how many of them stand in the ledger."""
    line = union_all(*_demand(whom)).subquery().c
    stands = exists().where(
        _entry.user_id == line.user_id,
        _entry.cause == line.cause,
        _entry.subject == line.subject,
        _entry.points == line.points,
        _entry.earned_at == line.earned_at,
        _entry.post_id == line.post_id,
        _stands,
    )
    matched = func.sum(case((stands, 1), else_=0))
    return select(line.user_id, func.count().label("lines"), matched.label("matched")).group_by(line.user_id)


def _standing_lines(whom: Whom) -> Select[int, int]:
    """Select by person how many lines stand, without what an import reconciled."""
    is_demanded = _entry.cause != Cause.RECONCILED.value
    return (
        select(_entry.user_id, func.count().label("lines"))
        .where(whom(_entry.user_id), is_demanded, _stands)
        .group_by(_entry.user_id)
    )


def _changes(whom: Whom) -> Select[int, int]:
    """Select by person what all lines together changed."""
    return (
        select(_entry.user_id, func.sum(_entry.change).label("changes"))
        .where(whom(_entry.user_id))
        .group_by(_entry.user_id)
    )


def _summed_days(whom: Whom) -> Select[int, int, int]:
    """Select by person how many days have lines, and how many of them are kept as their lines add up."""
    day = _added_up(whom).c
    is_kept = exists().where(
        _day.user_id == day.user_id,
        _day.day == day.earned_on,
        _day.gain == day.gain,
        # The least that the day leaves: its sum, from the lowest point on the way.
        _day.floor == START + day.gain - case((day.lowest < 0, day.lowest), else_=0),
        day.from_votes <= DAILY_CAP,
    )
    matched = func.sum(case((is_kept, 1), else_=0))
    return select(day.user_id, func.count().label("days"), matched.label("matched")).group_by(day.user_id)


def _added_up(whom: Whom) -> Subquery:
    """Select for each person and day the sum, the lowest sum on the way, and what upvotes bring."""
    on_the_way = func.sum(_entry.points).over(
        partition_by=(_entry.user_id, _entry.earned_on),
        order_by=(_entry.earned_at, _entry.cause, _entry.subject, _entry.turn),
        rows=(None, 0),
    )
    is_capped = and_(_entry.points > 0, _entry.cause.not_in([cause.value for cause in BEYOND_THE_CAP]))
    line = (
        select(
            _entry.user_id, _entry.earned_on, _entry.points, on_the_way.label("on_the_way"),
            case((is_capped, _entry.points), else_=0).label("from_vote"),
        )
        .where(whom(_entry.user_id), _stands)
        .subquery()
        .c
    )  # fmt: skip
    return (
        select(
            line.user_id,
            line.earned_on,
            func.sum(line.points).label("gain"),
            func.min(line.on_the_way).label("lowest"),
            func.sum(line.from_vote).label("from_votes"),
        )
        .group_by(line.user_id, line.earned_on)
        .subquery()
    )


def _kept_days(whom: Whom) -> Select[int, int, int, int]:
    """Select by person how many days are kept, what they gain, and the most that one's floor leads to."""
    so_far = func.sum(_day.gain).over(partition_by=_day.user_id, order_by=_day.day, rows=(None, 0))
    day = select(_day.user_id, _day.gain, (_day.floor - so_far).label("lift")).where(whom(_day.user_id))
    kept = day.subquery().c
    gain = func.sum(kept.gain)
    return select(
        kept.user_id,
        func.count().label("days"),
        gain.label("gain"),
        (gain + func.max(kept.lift)).label("total"),
    ).group_by(kept.user_id)
