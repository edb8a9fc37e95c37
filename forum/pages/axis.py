"""Axes of drawings: round marks that hold the greatest value, words at their places, and days in words."""

import math
from dataclasses import dataclass


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
