"""The usual measures of a ranking, for one query: 0 is nothing found, 1 is as good as can be.

`found` are the ids that came back, best first; `wanted` those that were judged to help, all equally.
"""

from collections.abc import Collection, Sequence
from math import log2


def ndcg(found: Sequence[int], wanted: Collection[int], *, most: int = 10) -> float:
    """Return the normalised discounted cumulative gain of the first `most` (Järvelin, Kekäläinen 2002)."""
    gain = sum(1 / log2(rank + 1) for rank, id in enumerate(found[:most], start=1) if id in wanted)
    best = sum(1 / log2(rank + 1) for rank in range(1, min(most, len(wanted)) + 1))
    return gain / best if best else 0.0


def reciprocal_rank(found: Sequence[int], wanted: Collection[int]) -> float:
    """Return 1 divided by the rank of the first that helps; 0 if none does."""
    return next((1 / rank for rank, id in enumerate(found, start=1) if id in wanted), 0.0)


def success(found: Sequence[int], wanted: Collection[int], *, most: int = 1) -> float:
    """Return 1 if one of the first `most` helps, else 0."""
    return float(any(id in wanted for id in found[:most]))


def recall(found: Sequence[int], wanted: Collection[int], *, most: int) -> float:
    """Return which part of those that help is among the first `most`."""
    return len(set(found[:most]) & set(wanted)) / len(wanted) if wanted else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of all lies; 0 of none."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0
