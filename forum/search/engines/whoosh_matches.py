"""Sets of records with a score each, as sorted arrays, and how they are put together."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_FEW = 2_000
"""So few numbers are looked for by bisection; for more, an array over all records is quicker to fill."""


class Matches(NamedTuple):
    """Numbers of records in rising order, and the score of each."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.float64]


def nothing() -> Matches:
    """Return the empty set."""
    return Matches(np.zeros(0, np.int64), np.zeros(0))


def unscored(numbers: NDArray[np.int64], score: float = 0.0) -> Matches:
    """Return these records, all with the same score."""
    return Matches(numbers, np.full(len(numbers), score))


def places_in(numbers: NDArray[np.int64], whole: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return the place of each of the numbers in `whole`, or -1; both rise, and are below `size`."""
    if not len(whole):
        return np.full(len(numbers), -1, np.int64)
    if len(numbers) <= _FEW:
        places = np.searchsorted(whole, numbers)
        places[places == len(whole)] = 0
        return np.where(whole[places] == numbers, places, -1)
    place_of = np.full(size, -1, np.int64)
    place_of[whole] = np.arange(len(whole))
    return place_of[numbers]


def in_all(parts: Sequence[Matches], size: int) -> Matches:
    """Return what is in every part, with the sums of the scores; of a segment of `size` records."""
    first, *others = sorted(parts, key=lambda part: len(part.numbers))
    numbers, scores = first
    for other in others:
        places = places_in(numbers, other.numbers, size)
        both = places >= 0
        numbers, scores = numbers[both], scores[both] + other.scores[places[both]]
    return Matches(numbers, scores)


def in_any(parts: Iterable[Matches], size: int) -> Matches:
    """Return what is in some part, with the sums of the scores."""
    filled = [part for part in parts if len(part.numbers)]
    if len(filled) < 2:
        return filled[0] if filled else nothing()
    if sum(len(part.numbers) for part in filled) <= _FEW:
        numbers, owners = np.unique(np.concatenate([part.numbers for part in filled]), return_inverse=True)
        weights = np.concatenate([part.scores for part in filled])
        return Matches(numbers, np.bincount(owners, weights).astype(np.float64))
    total = np.zeros(size)
    is_found = np.zeros(size, np.bool_)
    for part in filled:
        total[part.numbers] += part.scores
        is_found[part.numbers] = True
    numbers = np.flatnonzero(is_found)
    return Matches(numbers, total[numbers])


def with_bonus(found: Matches, bonus: Matches, size: int) -> Matches:
    """Return what was found, the bonus added where it is there too."""
    places = places_in(found.numbers, bonus.numbers, size)
    has_bonus = places >= 0
    scores = found.scores.copy()
    scores[has_bonus] += bonus.scores[places[has_bonus]]
    return Matches(found.numbers, scores)
