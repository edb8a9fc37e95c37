"""Counting results by tag, author, age and so on, with arrays."""

import math
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import numpy as np

from forum.search.engines.whoosh_reading import Found
from forum.search.engines.whoosh_schema import microseconds
from forum.search.facets import AGES, MOST_AUTHORS, MOST_TAGS, FacetCount, Facets

Value = TypeVar("Value", int, str)


def facets_of(found: Found, *, at: datetime) -> tuple[Facets, float]:
    """Return the counts of everything that was found, and up to when those by age are true.

    `at` is the present moment; the other one is given in microseconds since 1970.
    """
    tags: Counter[str] = Counter()
    authors: Counter[int] = Counter()
    ages: Counter[str] = Counter()
    solved = answered = 0
    until = math.inf
    for segment, (numbers, _scores) in found.parts:
        is_found = np.zeros(segment.size, np.bool_)
        is_found[numbers] = True
        records, places, names = segment.tags
        counts = np.bincount(places[is_found[records]], minlength=len(names))
        tags.update({names[place]: int(counts[place]) for place in np.flatnonzero(counts).tolist()})
        ids, times = np.unique(segment.columns["author_id"][numbers], return_counts=True)
        authors.update(dict(zip(ids.tolist(), times.tolist(), strict=True)))
        solved += int(segment.columns["has_accepted"][numbers].sum())
        answered += int((segment.columns["answers"][numbers] > 0).sum())
        created = segment.columns["created"][numbers]
        for age, span in AGES.items():
            within = created[created >= microseconds(at - span)]
            ages[age] += len(within)
            if len(within):
                until = min(until, int(within.min()) + span // timedelta(microseconds=1))
    # Records without an account have nought.
    authors.pop(0, None)
    facets = Facets(
        tags=_commonest(tags, MOST_TAGS),
        authors=_commonest(authors, MOST_AUTHORS),
        solved=solved,
        unsolved=found.total - solved,
        answered=answered,
        unanswered=found.total - answered,
        ages=tuple(FacetCount(age, ages[age]) for age in AGES if ages[age]),
    )
    return facets, until


def _commonest(counts: Mapping[Value, int], most: int) -> tuple[FacetCount, ...]:
    # A search may find two thousand tags; sorting only those that can be among the first is most of it.
    least = sorted(counts.values())[-most:][:1]
    candidates = [(-count, value) for value, count in counts.items() if [count] >= least]
    return tuple(FacetCount(str(value), -negative) for negative, value in sorted(candidates)[:most])
