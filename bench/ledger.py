"""The ledgers of a generated site: what millions of votes gave to whom, in the order of its being earned."""

from array import array
from collections.abc import Iterator

import numpy as np

from bench.bulk import ROWS_PER_TRANSACTION, Row, moment
from forum.reputation.rules import BEYOND_THE_CAP, DAILY_CAP, POINTS, START, Cause, vote_subject

ENTRY_COLUMNS = (
    "user_id", "cause", "subject", "turn", "is_reversal", "post_id", "points", "change", "earned_at",
    "earned_on", "recorded_at",
)  # fmt: skip
DAY_COLUMNS = ("user_id", "day", "gain", "floor")

_CAUSES = tuple(Cause)
_NUMBERS = {cause: number for number, cause in enumerate(_CAUSES)}
_DAY = 86_400_000_000


class Ledgers:
    """Grants, held in few bytes each, then summed up person by person as `forum.reputation.rules` does.

    No two grants of a person may be of the same microsecond: then the time alone is their order.
    """

    def __init__(self) -> None:
        self._people, self._posts, self._voters = array("i"), array("i"), array("i")
        self._causes, self._at = array("b"), array("q")

    def __len__(self) -> int:
        return len(self._at)

    def grant(self, user_id: int, cause: Cause, at: int, *, post_id: int, voter_id: int = 0) -> None:
        """Note what somebody earned at a moment, in microseconds, on a post, by the vote of a voter."""
        self._people.append(user_id)
        self._causes.append(_NUMBERS[cause])
        self._at.append(at)
        self._posts.append(post_id)
        self._voters.append(voter_id)

    def rows(self) -> Iterator[tuple[list[Row], list[Row]]]:
        """Yield the lines of the ledgers and the days that they sum up to, in batches."""
        order = np.lexsort((np.asarray(self._at), np.asarray(self._people)))
        columns = [
            np.asarray(kept) for kept in (self._people, self._causes, self._at, self._posts, self._voters)
        ]
        account = _Account()
        for start in range(0, len(order), ROWS_PER_TRANSACTION):
            chosen = order[start : start + ROWS_PER_TRANSACTION]
            lines = zip(*(column[chosen].tolist() for column in columns), strict=True)
            entries = [account.enter(*line) for line in lines]
            if start + ROWS_PER_TRANSACTION >= len(order):
                account.close()
            yield entries, account.take_days()


class _Account:
    """The person and the day whose grants are being summed up."""

    def __init__(self) -> None:
        self._user_id = self._day = -1
        self._before = self._total = self._floor = START
        self._gain = self._from_votes = 0
        self._days: list[Row] = []

    def enter(self, user_id: int, cause: int, at: int, post_id: int, voter_id: int) -> Row:
        """Add one grant and return its line."""
        if user_id != self._user_id or at // _DAY != self._day:
            self.close()
            self._open(user_id, at // _DAY)
        kind = _CAUSES[cause]
        points = change = POINTS[kind]
        if kind not in BEYOND_THE_CAP:
            change = min(DAILY_CAP, self._from_votes + points) - self._from_votes
            self._from_votes += change
        self._gain += change
        self._floor = max(START, self._floor + change)
        total = max(self._floor, self._before + self._gain)
        moved, self._total = total - self._total, total
        subject = vote_subject(post_id=post_id, voter_id=voter_id) if voter_id else str(post_id)
        text = moment(at)
        return (user_id, kind.value, subject, 1, 0, post_id, points, moved, text, text[:10], text)

    def close(self) -> None:
        """Keep what the day does to the total."""
        if self._user_id >= 0:
            self._days.append((self._user_id, moment(self._day * _DAY)[:10], self._gain, self._floor))

    def take_days(self) -> list[Row]:
        """Return the days that were closed since the last call."""
        days, self._days = self._days, []
        return days

    def _open(self, user_id: int, day: int) -> None:
        if user_id != self._user_id:
            self._total = START
        self._user_id, self._day, self._before = user_id, day, self._total
        self._gain, self._from_votes, self._floor = 0, 0, START
