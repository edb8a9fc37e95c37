"""Counting results by tag, author, age and so on, with arrays."""

import math
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from forum.search.engines.whoosh_reading import Found
from forum.search.engines.whoosh_schema import microseconds
from forum.search.engines.whoosh_snapshots import Snapshot
from forum.search.facets import AGES, MOST_AUTHORS, MOST_TAGS, FacetCount, Facets


def facets_of(snapshot: Snapshot, found: Found, *, at: datetime) -> tuple[Facets, float]:
    """Return the counts of everything that was found, and up to when those by age are true.

    `at` is the present moment; the other one is given in microseconds since 1970.
    """
    if not found.total:
        return Facets(), math.inf
    names, tag_of = snapshot.tags
    tags = np.zeros(len(names), np.int64)
    columns: dict[str, list[NDArray[np.int64]]] = {
        "author_id": [],
        "has_accepted": [],
        "answers": [],
        "created": [],
    }
    for (segment, (numbers, _scores)), numbered in zip(found.parts, tag_of, strict=True):
        tags[numbered] += segment.count_tags(numbers)
        for name, values in columns.items():
            values.append(segment.columns[name][numbers])
    authors, has_accepted, answers, created = (np.concatenate(values) for values in columns.values())
    solved, answered = int(np.count_nonzero(has_accepted)), int(np.count_nonzero(answers))
    ages, until = _by_age(created, at)
    # Records without an account have nought.
    ids, counts = np.unique(authors[authors != 0], return_counts=True)
    facets = Facets(
        tags=_commonest(names, tags, MOST_TAGS),
        authors=_commonest(ids, counts, MOST_AUTHORS),
        solved=solved,
        unsolved=found.total - solved,
        answered=answered,
        unanswered=found.total - answered,
        ages=ages,
    )
    return facets, until


def _by_age(created: NDArray[np.int64], at: datetime) -> tuple[tuple[FacetCount, ...], float]:
    ages, until = [], math.inf
    for age, span in AGES.items():
        within = created[created >= microseconds(at - span)]
        if len(within):
            ages.append(FacetCount(age, len(within)))
            until = min(until, int(within.min()) + span // timedelta(microseconds=1))
    return tuple(ages), until


def _commonest(values: NDArray[Any], counts: NDArray[np.int64], most: int) -> tuple[FacetCount, ...]:
    """Return the values with the highest counts; of equals, which may be many, the first in their order."""
    # Sorting only those that can be among the first: a search may find two thousand tags.
    least = np.partition(counts, -most)[-most] if len(counts) > most else 0
    candidates = np.flatnonzero(counts >= max(1, least))
    chosen = sorted(zip((-counts[candidates]).tolist(), values[candidates].tolist(), strict=True))[:most]
    return tuple(FacetCount(str(value), -negative) for negative, value in chosen)
