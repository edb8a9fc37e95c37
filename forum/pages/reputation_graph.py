"""Somebody's reputation over time, as the lines of an SVG and as a table of the same figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from forum.core.i18n import compact, day, gettext
from forum.pages.axis import Label, scale
from forum.reputation.rules import START, Day

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 30
"""Margins around the curve, which hold the labels; the unit is that of the viewBox, about a pixel."""
MOST_POINTS = 240
"""More steps than this can't be told apart at this width."""
MONTHS_IN_TABLE = 24
"""A table of a longer time has a line for each year instead."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: what a month or a year brought, and the total at its end."""

    period: str
    change: int
    total: int


@dataclass(frozen=True, slots=True)
class Graph:
    """Paths and labels in a box of `width` by `height`."""

    width: int
    height: int
    left: int
    right: int
    base: int
    curve: str
    area: str
    totals: tuple[Label, ...]
    dates: tuple[Label, ...]
    table: tuple[Line, ...]
    summary: str


def draw(days: Mapping[date, Day], *, today: date) -> Graph:
    """Draw the total from the day before the first change until today; there must be a change."""
    points = running_totals(days)
    first = points[0][0]
    last = max(today, points[-1][0])
    steps = thinned(points)
    ceiling, marks = scale(max(total for _, total in points))
    span = max(1, (last - first).days)

    def across(moment: date) -> float:
        return round(LEFT + (moment - first).days / span * (WIDTH - LEFT - RIGHT), 1)

    def down(total: int) -> float:
        return round(HEIGHT - BOTTOM - total / ceiling * (HEIGHT - TOP - BOTTOM), 1)

    # The total stays what it is until the next change, hence steps and no slopes.
    parts = [f"M{across(first)} {down(steps[0][1])}"]
    parts += [f"H{across(moment)}V{down(total)}" for moment, total in steps[1:]]
    curve = "".join([*parts, f"H{across(last)}"])
    base = HEIGHT - BOTTOM
    return Graph(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        base=base,
        curve=curve,
        area=f"{curve}V{base}H{LEFT}Z",
        totals=tuple(Label(at=down(mark), text=compact(mark)) for mark in marks),
        dates=tuple(Label(at=across(tick), text=_name(tick, span)) for tick in _ticks(first, span)),
        table=_table(points),
        summary=gettext(
            "From %(before)s on %(first)s to %(now)s on %(last)s.",
            before=START,
            first=day(first, "yMMMMd"),
            now=points[-1][1],
            last=day(last, "yMMMMd"),
        ),
    )


def running_totals(days: Mapping[date, Day]) -> list[tuple[date, int]]:
    """Return the total after each day that changed it, beginning with the day before the first."""
    total = START
    points = [(min(days) - timedelta(days=1), total)]
    for changed in sorted(days):
        total = max(days[changed].floor, total + days[changed].gain)
        points.append((changed, total))
    return points


def thinned(points: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    """Return at most `MOST_POINTS` of the points, the first and the last among them."""
    if len(points) <= MOST_POINTS:
        return list(points)
    last = len(points) - 1
    return [points[round(step * last / (MOST_POINTS - 1))] for step in range(MOST_POINTS)]


def _ticks(first: date, span: int) -> list[date]:
    count = min(5, span + 1)
    return [first + timedelta(days=round(span * number / max(1, count - 1))) for number in range(count)]


def _name(tick: date, span: int) -> str:
    return day(tick, "yMMM" if span > 300 else "MMMd")


def _table(points: Sequence[tuple[date, int]]) -> tuple[Line, ...]:
    first, last = points[0][0], points[-1][0]
    months = (last.year - first.year) * 12 + last.month - first.month
    is_monthly = months <= MONTHS_IN_TABLE
    lines: list[Line] = []
    before = START
    for _, group in groupby(points[1:], key=lambda point: (point[0].year, is_monthly and point[0].month)):
        last_day, total = list(group)[-1]
        period = day(last_day, "yMMMM") if is_monthly else str(last_day.year)
        lines.append(Line(period=period, change=total - before, total=total))
        before = total
    return tuple(reversed(lines))
