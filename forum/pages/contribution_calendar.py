"""A year of somebody's contributions: a square for each day, a column for each week; and a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from itertools import groupby, pairwise
from operator import add

from forum.core.i18n import day as written_day
from forum.core.i18n import gettext, number
from forum.pages.axis import Label
from forum.posts.queries.contributions import Contributions

WEEKS = 53
"""Columns: 52 whole weeks and the present one."""
PITCH = 12
"""From one square to the next; the unit is that of the viewBox, about a pixel."""
SIDE = 10
TOP = 16
"""Room for the names of the months."""
STEPS = (1, 2, 4, 8)
"""The fewest contributions of a day for each step of colour; the same for everybody."""


@dataclass(frozen=True, slots=True)
class Square:
    """A day on which something was contributed; `step` goes from 1 to 4."""

    x: int
    y: int
    step: int
    day: str
    counts: Contributions


@dataclass(frozen=True, slots=True)
class Month:
    """A line of the table."""

    name: str
    counts: Contributions


@dataclass(frozen=True, slots=True)
class Calendar:
    """Squares and labels in a box of `width` by `height`, with what a sentence says of them."""

    width: int
    height: int
    side: int
    empty: str
    squares: tuple[Square, ...]
    months: tuple[Label, ...]
    weekdays: tuple[Label, ...]
    table: tuple[Month, ...]
    counts: Contributions
    busiest: Square
    steps: tuple[str, ...]
    """What the steps of colour stand for, from none to the most."""


def beginning(today: date) -> datetime:
    """Return the first moment of a calendar that ends today: a Monday's, in UTC."""
    monday = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    return datetime.combine(monday, time(), UTC)


def draw(days: Mapping[date, Contributions], *, today: date) -> Calendar | None:
    """Draw the weeks up to today, or nothing where nothing was contributed in them."""
    first = beginning(today).date()
    shown = [first + timedelta(days=number) for number in range((today - first).days + 1)]
    squares = tuple(_square(day, first, days[day]) for day in shown if day in days)
    if not squares:
        return None
    return Calendar(
        width=WEEKS * PITCH,
        height=TOP + 7 * PITCH,
        side=SIDE,
        empty="".join(_outline(*_corner(day, first)) for day in shown if day not in days),
        squares=squares,
        months=_months(first),
        weekdays=tuple(
            Label(at=TOP + row * PITCH + SIDE - 1, text=written_day(first + timedelta(days=row), "E"))
            for row in (0, 2, 4)
        ),
        table=_table(days, shown),
        counts=reduce(add, (square.counts for square in squares)),
        busiest=max(reversed(squares), key=lambda square: square.counts.total),
        steps=(gettext("none"), *_names_of_steps()),
    )


def step_of(total: int) -> int:
    """Return the step of colour of a day with so many contributions, 0 for none."""
    return sum(total >= fewest for fewest in STEPS)


def _square(day: date, first: date, counts: Contributions) -> Square:
    x, y = _corner(day, first)
    return Square(x=x, y=y, step=step_of(counts.total), day=written_day(day, "yMMMMd"), counts=counts)


def _corner(day: date, first: date) -> tuple[int, int]:
    week, weekday = divmod((day - first).days, 7)
    return week * PITCH, TOP + weekday * PITCH


def _outline(x: int, y: int) -> str:
    return f"M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z"


def _months(first: date) -> tuple[Label, ...]:
    """Name the months above the weeks in which they begin, where the name has room to the right."""
    mondays = [first + timedelta(weeks=week) for week in range(WEEKS)]
    ends = [monday + timedelta(days=6) for monday in mondays]
    begins = [week for week, end in enumerate(ends) if end.day <= 7]
    return tuple(
        Label(at=week * PITCH, text=written_day(ends[week], "MMM")) for week in begins if week <= WEEKS - 2
    )


def _table(days: Mapping[date, Contributions], shown: list[date]) -> tuple[Month, ...]:
    lines = [
        Month(name=name, counts=reduce(add, (days.get(day, Contributions()) for day in group)))
        for name, group in groupby(shown, key=lambda day: written_day(day, "yMMMM"))
    ]
    return tuple(reversed(lines))


def _names_of_steps() -> list[str]:
    """Name the steps: 1, 2–3, 4–7, 8 or more."""
    bounds = pairwise(STEPS)
    return [
        *(number(low) if high == low + 1 else f"{number(low)}–{number(high - 1)}" for low, high in bounds),
        gettext("%(count)s or more", count=STEPS[-1]),
    ]
