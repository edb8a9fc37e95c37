"""What reputation is worth and how a ledger adds up.

The numbers are those of Stack Exchange (stackapps.com/help/whats-reputation): the total starts at 1 and
never falls below it; what votes bring is capped at 200 points per UTC day, while accepted answers count
beyond the cap.

What counts is what stands. An entry that was reversed counts as if it had never been made, on the day and
at the place in the order where it stood. So an undone vote takes away exactly what it gave, at the floor and
at the cap too: when the day of 25 upvotes loses one, the other 24 still fill the cap. Every way
to the same votes leads to the same total, which is why no sequence of votes and undone votes can pump it.

A day is summed up as the function `total -> max(floor, total + gain)`; those functions compose, so the
total is a fold over the days that a person earned or lost something on, not over every entry.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from forum.core.i18n import marked

START = 1
"""Everybody's reputation at first, and the least it can become."""
DAILY_CAP = 200
"""The most that votes can bring in one UTC day."""
LEADERBOARD_DAYS = {"week": 7, "month": 30, "year": 365}
"""How far back the leaderboards look, in days."""


class Cause(StrEnum):
    """Why reputation changes."""

    QUESTION_UPVOTED = marked("question upvoted")
    QUESTION_DOWNVOTED = marked("question downvoted")
    ANSWER_UPVOTED = marked("answer upvoted")
    ANSWER_DOWNVOTED = marked("answer downvoted")
    DOWNVOTED_AN_ANSWER = marked("downvoted an answer")
    ANSWER_ACCEPTED = marked("answer accepted")
    ACCEPTED_AN_ANSWER = marked("accepted an answer")
    RECONCILED = marked("reconciled at import")


POINTS = {
    Cause.QUESTION_UPVOTED: 10,
    Cause.QUESTION_DOWNVOTED: -2,
    Cause.ANSWER_UPVOTED: 10,
    Cause.ANSWER_DOWNVOTED: -2,
    Cause.DOWNVOTED_AN_ANSWER: -1,
    Cause.ANSWER_ACCEPTED: 15,
    Cause.ACCEPTED_AN_ANSWER: 2,
}
"""Points of each cause; what is reconciled at an import has points of its own."""

ACCEPTANCE = frozenset({Cause.ANSWER_ACCEPTED, Cause.ACCEPTED_AN_ANSWER})
"""What an acceptance grants, to both sides."""

BEYOND_THE_CAP = ACCEPTANCE | {Cause.RECONCILED}
"""Causes that count although the day's cap is reached, and don't fill it."""


@dataclass(frozen=True, slots=True)
class Key:
    """What can be granted only once at a time: to whom, why, and what exactly earned it."""

    user_id: int
    cause: Cause
    subject: str


@dataclass(frozen=True, slots=True)
class Grant:
    """Reputation that somebody earns or loses by a cause."""

    key: Key
    points: int
    earned_at: dt.datetime
    post_id: int | None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A standing entry of a ledger."""

    id: int
    key: Key
    turn: int
    points: int
    earned_at: dt.datetime
    post_id: int | None

    @property
    def place(self) -> tuple[dt.datetime, str, str, int]:
        """The place of the entry in the order of its day, the same however often it was entered again."""
        return (self.earned_at, self.key.cause, self.key.subject, self.turn)


@dataclass(frozen=True, slots=True)
class Day:
    """What a day does to a total: `total -> max(floor, total + gain)`."""

    gain: int = 0
    floor: int = START

    def then(self, change: int) -> "Day":
        """Return the day with one more change at its end."""
        return Day(gain=self.gain + change, floor=max(START, self.floor + change))


def vote_cause(*, kind: str, value: int) -> Cause:
    """Return why the author of a post gains or loses by a vote on it."""
    if kind == "question":
        return Cause.QUESTION_UPVOTED if value > 0 else Cause.QUESTION_DOWNVOTED
    return Cause.ANSWER_UPVOTED if value > 0 else Cause.ANSWER_DOWNVOTED


def vote_subject(*, post_id: int, voter_id: int | None, vote_id: int | None = None) -> str:
    """Name a vote in the ledger: by its voter, or by its own id when it came anonymous with an import."""
    return f"{post_id}/{voter_id}" if voter_id is not None else f"{post_id}/#{vote_id}"


def vote_grants(
    *,
    post_id: int,
    kind: str,
    author_id: int | None,
    voter_id: int | None,
    value: int,
    cast_at: dt.datetime,
    vote_id: int | None = None,
) -> list[Grant]:
    """Return what a vote means for the author of the post and for the voter."""
    subject = vote_subject(post_id=post_id, voter_id=voter_id, vote_id=vote_id)
    causes = [(author_id, vote_cause(kind=kind, value=value))]
    if kind == "answer" and value < 0:
        causes.append((voter_id, Cause.DOWNVOTED_AN_ANSWER))
    return [
        Grant(Key(user_id, cause, subject), POINTS[cause], cast_at, post_id)
        for user_id, cause in causes
        if user_id is not None
    ]


def accept_grants(
    *, answer_id: int, answerer_id: int | None, asker_id: int | None, accepted_at: dt.datetime
) -> list[Grant]:
    """Return what accepting an answer means for both; accepting one's own answer is worth nothing."""
    if answerer_id == asker_id:
        return []
    causes = [(answerer_id, Cause.ANSWER_ACCEPTED), (asker_id, Cause.ACCEPTED_AN_ANSWER)]
    return [
        Grant(Key(user_id, cause, str(answer_id)), POINTS[cause], accepted_at, answer_id)
        for user_id, cause in causes
        if user_id is not None
    ]


def keeps_reputation(*, score: int, created_at: dt.datetime, deleted_at: dt.datetime) -> bool:
    """Tell whether a deleted post keeps what it earned: a score of 3 or more, visible for 60 days or more."""
    return score >= 3 and deleted_at - created_at >= dt.timedelta(days=60)


def sum_up(entries: Iterable[Entry]) -> Day:
    """Sum up the standing entries of one person on one day, in any order."""
    day, from_votes = Day(), 0
    for entry in sorted(entries, key=lambda entry: entry.place):
        change = entry.points
        if entry.key.cause not in BEYOND_THE_CAP:
            change = min(DAILY_CAP, from_votes + entry.points) - from_votes
            from_votes += change
        day = day.then(change)
    return day


def total(days: Iterable[Day]) -> int:
    """Return the reputation that the days, in their order, add up to."""
    reputation = START
    for day in days:
        reputation = max(day.floor, reputation + day.gain)
    return reputation


def replay(entries: Iterable[Entry]) -> int:
    """Return the reputation that a person's standing entries, in any order, add up to."""
    ordered = sorted(entries, key=lambda entry: entry.place)
    return total(sum_up(day) for _, day in groupby(ordered, key=lambda entry: entry.earned_at.date()))
