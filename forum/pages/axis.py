"""Axes of drawings: round marks that hold the greatest value, words at their places, and days in words."""

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Label:
    """A word on an axis, at its distance from the left or the top."""

    at: float
    text: str


def scale(greatest: int) -> tuple[int, list[int]]:
    """Return the top of the axis and its marks: multiples of 1, 2 or 5 times a power of ten, three to six."""
    raw = max(greatest, 4) / 4
    power = 10 ** math.floor(math.log10(raw))
    step = next(int(size * power) for size in (1, 2, 5, 10) if size * power >= raw)
    ceiling = -(-max(greatest, 4) // step) * step
    return ceiling, list(range(0, ceiling + 1, step))


def full_date(day: date) -> str:
    """Return a day as "4 March 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def short(mark: int) -> str:
    """Return a mark as 500, 1.5k, 20k or 3m, for which phones have room; marks are round, so it is exact."""
    for size, sign in ((1_000_000, "m"), (1000, "k")):
        if mark >= size:
            return f"{mark / size:g}{sign}"
    return str(mark)
