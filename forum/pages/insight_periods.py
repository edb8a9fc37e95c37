"""Searches and attempts to ask, added up by day or by week, and the shares that are read off them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from forum.searches.queries import DayCounts, DayOutcomes
from forum.searches.rules import Outcome

DAILY_UP_TO = 31
"""Longer spans are drawn by week: a bar for each day of a year could not be told from the next."""


class Span(StrEnum):
    """How many days the page looks back, today included."""

    MONTH = "30"
    QUARTER = "90"
    YEAR = "365"

    @property
    def days(self) -> int:
        """The number of days."""
        return int(self.value)

    def since(self, today: date) -> date:
        """Return the first day."""
        return today - timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Counts:
    """Searches and attempts to ask from one day to another, both included; each search is in one of four."""

    first: date
    last: date
    empty: int = 0
    """Searches that found nothing."""
    unopened: int = 0
    """Searches that found something of which nothing was opened."""
    opened: int = 0
    """Searches that ended on a thread that is not solved."""
    solved: int = 0
    """Searches that ended on a solved thread."""
    relaxed: int = 0
    """Of all searches, those that found something with some of their words only."""
    deflected: int = 0
    """Attempts to ask that ended on a solved thread that was offered."""
    none_fit: int = 0
    """How often somebody said that none of the offered threads fits."""
    asked: int = 0
    """Questions asked."""
    asked_again: int = 0
    """Of those, the ones to which a solved thread had been offered."""

    @property
    def searches(self) -> int:
        """All searches."""
        return self.empty + self.unopened + self.opened + self.solved

    @property
    def attempts(self) -> int:
        """Attempts to ask that ended in one way or the other."""
        return self.asked + self.deflected

    @property
    def empty_share(self) -> float | None:
        """The share of searches that found nothing, from 0 to 1; None without searches."""
        return _share(self.empty, self.searches)

    @property
    def unopened_share(self) -> float | None:
        """The share of searches that found something of which nothing was opened; None without searches."""
        return _share(self.unopened, self.searches)

    @property
    def deflection(self) -> float | None:
        """The share of searches and attempts to ask that ended on a solved thread; None without any."""
        return _share(self.solved + self.deflected, self.searches + self.attempts)

    @property
    def asked_again_share(self) -> float | None:
        """The share of questions to which a solved thread had been offered; None without questions."""
        return _share(self.asked_again, self.asked)


def added_up(
    searches: Iterable[DayCounts], outcomes: Iterable[DayOutcomes], *, first: date, last: date
) -> tuple[Counts, ...]:
    """Return the counts of each day, or of each week from Monday on, in their order and without gaps."""
    is_daily = (last - first).days < DAILY_UP_TO
    periods = {
        start: Counts(max(first, start), min(last, end)) for start, end in _bounds(first, last, is_daily)
    }

    def add(day: date, more: Counts) -> None:
        start = day if is_daily else _monday(day)
        if start in periods:
            periods[start] = total(
                (periods[start], more), first=periods[start].first, last=periods[start].last
            )

    for counts in searches:
        add(counts.day, _of_searches(counts))
    for outcome in outcomes:
        add(outcome.day, _of_outcome(outcome))
    return tuple(periods.values())


def total(periods: Sequence[Counts], *, first: date, last: date) -> Counts:
    """Return all counts together."""
    names = [name for name in Counts.__slots__ if name not in {"first", "last"}]
    sums = {name: sum(getattr(period, name) for period in periods) for name in names}
    return replace(Counts(first, last), **sums)


def _of_searches(counts: DayCounts) -> Counts:
    # Processes count searches and openings apart, and one may have lost what the other kept.
    found = max(0, counts.searches - counts.empty)
    opened = min(counts.opened, found)
    solved = min(counts.solved, opened)
    return Counts(
        counts.day,
        counts.day,
        empty=counts.searches - found,
        unopened=found - opened,
        opened=opened - solved,
        solved=solved,
        relaxed=counts.relaxed,
    )


def _of_outcome(counts: DayOutcomes) -> Counts:
    of_day = Counts(counts.day, counts.day)
    match counts.outcome:
        case Outcome.SOLVED:
            return replace(of_day, deflected=counts.count)
        case Outcome.NONE_FIT:
            return replace(of_day, none_fit=counts.count)
        case Outcome.ASKED:
            return replace(of_day, asked=counts.count, asked_again=counts.offered_solved)


def _bounds(first: date, last: date, is_daily: bool) -> list[tuple[date, date]]:
    step = timedelta(days=1 if is_daily else 7)
    start, bounds = first if is_daily else _monday(first), []
    while start <= last:
        bounds.append((start, start + step - timedelta(days=1)))
        start += step
    return bounds


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
