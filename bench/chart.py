"""A chart of cost against size, drawn as SVG by hand: lines of milliseconds over sizes of the site."""

import math
from collections.abc import Mapping, Sequence
from html import escape

from bench.measuring import Result

WIDTH, HEIGHT = 820, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 210, 20, 50
_COLOURS = ("#2563eb", "#d97706", "#059669", "#dc2626", "#7c3aed", "#0891b2", "#be185d", "#65a30d", "#525252")
_STEPS = (1, 2, 5)

Points = list[tuple[int, float]]


def cost_chart(sites: Mapping[int, Sequence[Result]], *, title: str) -> str:
    """Return an SVG of the server's CPU milliseconds per request, on one connection or four, against size."""
    lines = _lines(sites)
    costs = [cost for points in lines.values() for _, cost in points]
    x = _Scale(min(sites), max(sites), _LEFT, WIDTH - _RIGHT)
    y = _Scale(min(costs, default=1), max(costs, default=1), HEIGHT - _BOTTOM, _TOP)
    parts = [_axis(x, y), *_curves(lines, x, y)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


class _Scale:
    """Places values on a line by their order of magnitude."""

    def __init__(self, least: float, most: float, start: float, end: float) -> None:
        self.least = _step_below(least)
        self.most = max(_step_above(most), self.least * 2)
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        share = math.log(value / self.least) / math.log(self.most / self.least)
        return round(self._start + share * (self._end - self._start), 1)

    def marks(self, steps: Sequence[int]) -> list[float]:
        """Return the round values between the ends."""
        decades = range(math.floor(math.log10(self.least)), math.ceil(math.log10(self.most)) + 1)
        values = [step * 10.0**decade for decade in decades for step in steps]
        return [value for value in values if self.least * 0.999 <= value <= self.most * 1.001]


def _lines(sites: Mapping[int, Sequence[Result]]) -> dict[str, Points]:
    """Return the points of each kind, as measured on the fewest connections."""
    lines: dict[str, Points] = {}
    for size in sorted(sites):
        seen = set()
        for result in sorted(sites[size], key=lambda result: result.connections):
            if result.name not in seen and result.cpu_ms > 0:
                seen.add(result.name)
                lines.setdefault(result.name, []).append((size, result.cpu_ms))
    return lines


def _axis(x: _Scale, y: _Scale) -> str:
    parts = []
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    for value in y.marks(_STEPS):
        parts.append(f'<path d="M{_LEFT} {y(value)}H{right}" stroke="#e5e5e5"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y(value) + 4}" text-anchor="end">{value:g}</text>')
    for value in x.marks((1,)):
        parts.append(f'<path d="M{x(value)} {_TOP}V{bottom}" stroke="#e5e5e5"/>')
        parts.append(f'<text x="{x(value)}" y="{bottom + 18}" text-anchor="middle">{value:,.0f}</text>')
    middle = (_LEFT + right) / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">questions on the site</text>')
    parts.append(
        f'<text transform="translate(14 {(_TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">'
        "CPU milliseconds per request</text>"
    )
    return "".join(parts)


def _curves(lines: Mapping[str, Points], x: _Scale, y: _Scale) -> list[str]:
    """Return the lines with their names at the right end, moved apart where they would overlap."""
    parts = []
    lowest = float(HEIGHT)
    ordered = sorted(lines.items(), key=lambda line: line[1][-1][1])
    for number, (name, points) in enumerate(ordered):
        colour = _COLOURS[number % len(_COLOURS)]
        dash = "" if number < len(_COLOURS) else ' stroke-dasharray="5 3"'
        path = " ".join(f"{x(size)},{y(cost)}" for size, cost in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        parts += [f'<circle cx="{x(size)}" cy="{y(cost)}" r="3" fill="{colour}"/>' for size, cost in points]
        size, cost = points[-1]
        lowest = min(lowest - 15, y(cost) + 4)
        label = f"{escape(name)} {cost:.2g}" if cost < 100 else f"{escape(name)} {cost:.0f}"
        parts.append(f'<text x="{x(size) + 8}" y="{lowest}" fill="{colour}">{label}</text>')
    return parts


def _step_below(value: float) -> float:
    decade = 10.0 ** math.floor(math.log10(value))
    return max(step * decade for step in _STEPS if step * decade <= value * 1.001)


def _step_above(value: float) -> float:
    decade = 10.0 ** math.floor(math.log10(value))
    return min(step * decade for step in (*_STEPS, 10) if step * decade >= value * 0.999)
