"""Counts over time as stacked bars of an SVG, and as a table of the same figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from forum.core.i18n import compact, day, gettext, marked, number
from forum.pages.axis import Label, scale
from forum.pages.insight_periods import Counts

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 68, 8, 12, 30
"""Margins around the bars, which hold the labels; the unit is that of the viewBox, about a pixel."""
MOST_DATES = 5
BAR_SHARE = 0.72
"""The part of its place that a bar fills, so that it can be told from the next."""


@dataclass(frozen=True, slots=True)
class Series:
    """One layer of the bars; `sign` is what it looks like, `path` draws all of its pieces."""

    label: str
    sign: str
    path: str
    total: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: a day or a week with the value of each series."""

    period: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars and labels in a box of `width` by `height`; `name` tells it from others on the page."""

    name: str
    title: str
    summary: str
    width: int
    height: int
    left: int
    right: int
    marks: tuple[Label, ...]
    dates: tuple[Label, ...]
    series: tuple[Series, ...]
    table: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """What a series shows of each period."""

    label: str
    sign: str
    value: Callable[[Counts], int]


SEARCHES = (
    Layer(marked("A solved thread opened"), "good", lambda counts: counts.solved),
    Layer(marked("Another thread opened"), "accent", lambda counts: counts.opened),
    Layer(marked("Nothing opened"), "faint", lambda counts: counts.unopened),
    Layer(marked("Nothing found"), "warn", lambda counts: counts.empty),
)
ASKING = (
    Layer(marked("Solved by an offered thread"), "good", lambda counts: counts.deflected),
    Layer(
        marked("Asked, no solved thread offered"), "accent", lambda counts: counts.asked - counts.asked_again
    ),
    Layer(marked("Asked although one was offered"), "warn", lambda counts: counts.asked_again),
)
DEFLECTION = (
    Layer(marked("Ended on a solved thread"), "good", lambda counts: round(100 * (counts.deflection or 0))),
)


def charts(periods: Sequence[Counts], whole: Counts) -> tuple[Chart, ...]:
    """Draw what there is to draw of the periods; `whole` is all of them together."""
    drawn = []
    if whole.searches:
        title = gettext("Searches, and how they ended")
        drawn.append(_draw("searches", title, SEARCHES, periods, whole))
    if whole.attempts:
        title = gettext("Attempts to ask, and how they ended")
        drawn.append(_draw("asking", title, ASKING, periods, whole))
    if whole.searches + whole.attempts:
        title = gettext("Deflection rate: searches and attempts that ended on a solved thread")
        drawn.append(_draw("deflection", title, DEFLECTION, periods, whole, written=_percent))
    return tuple(drawn)


def period_name(counts: Counts) -> str:
    """Return "3 Nov" for a day and "3 Nov to 9 Nov" for a week."""
    first = day(counts.first, "MMMd")
    if counts.first == counts.last:
        return first
    return gettext("%(first)s to %(last)s", first=first, last=day(counts.last, "MMMd"))


def _draw(
    name: str,
    title: str,
    layers: Sequence[Layer],
    periods: Sequence[Counts],
    whole: Counts,
    *,
    written: Callable[[str], str] = str,
) -> Chart:
    ceiling, marks = scale(max(sum(layer.value(period) for layer in layers) for period in periods))
    room = HEIGHT - TOP - BOTTOM

    def down(value: int) -> float:
        return round(HEIGHT - BOTTOM - value / ceiling * room, 1)

    return Chart(
        name=name,
        title=title,
        summary=_summary(layers, whole, written),
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        marks=tuple(Label(down(mark), written(compact(mark))) for mark in marks),
        dates=_dates(periods),
        series=tuple(
            Series(gettext(layer.label), layer.sign, path, written(number(layer.value(whole))))
            for layer, path in zip(layers, _paths(layers, periods, down), strict=True)
        ),
        table=tuple(
            Line(period_name(period), tuple(written(number(layer.value(period))) for layer in layers))
            for period in reversed(periods)
        ),
    )


def _paths(layers: Sequence[Layer], periods: Sequence[Counts], down: Callable[[int], float]) -> list[str]:
    """Return for each layer the rectangles of all periods, each upon those of the layers before."""
    place = (WIDTH - LEFT - RIGHT) / len(periods)
    width = round(place * BAR_SHARE, 1)
    pieces: list[list[str]] = [[] for _ in layers]
    for place_number, period in enumerate(periods):
        x, below = round(LEFT + place * (place_number + (1 - BAR_SHARE) / 2), 1), 0
        for layer, drawn in zip(layers, pieces, strict=True):
            value = layer.value(period)
            if value:
                drawn.append(f"M{x} {down(below)}V{down(below + value)}h{width}V{down(below)}Z")
            below += value
    return ["".join(drawn) for drawn in pieces]


def _dates(periods: Sequence[Counts]) -> tuple[Label, ...]:
    place = (WIDTH - LEFT - RIGHT) / len(periods)
    count = min(MOST_DATES, len(periods))
    places = [round(step * (len(periods) - 1) / max(1, count - 1)) for step in range(count)]
    return tuple(
        Label(round(LEFT + place * (index + 0.5), 1), day(periods[index].first, "MMMd")) for index in places
    )


def _summary(layers: Sequence[Layer], whole: Counts, written: Callable[[str], str]) -> str:
    period = gettext(
        "From %(first)s to %(last)s.", first=day(whole.first, "yMMMd"), last=day(whole.last, "yMMMd")
    )
    parts = (f"{gettext(layer.label)}: {written(number(layer.value(whole)))}." for layer in layers)
    return " ".join((period, *parts))


def _percent(value: str) -> str:
    # Translators: A share in percent, such as "75 %".
    return gettext("%(number)s %%", number=value)
