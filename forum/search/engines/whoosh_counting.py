"""Counting results by tag, author, age and so on, with arrays."""

from collections import Counter
from collections.abc import Iterable

import numpy as np

from forum.core import clock
from forum.search.engines.whoosh_reading import Found
from forum.search.engines.whoosh_schema import microseconds
from forum.search.facets import AGES, MOST_AUTHORS, MOST_TAGS, FacetCount, Facets


def facets_of(found: Found) -> Facets:
    """Return the counts of everything that was found."""
    tags: Counter[str] = Counter()
    authors: Counter[int] = Counter()
    ages: Counter[str] = Counter()
    solved = answered = 0
    now = clock.now()
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
        ages.update({age: int((created >= microseconds(now - span)).sum()) for age, span in AGES.items()})
    # Records without an account have nought.
    authors.pop(0, None)
    return Facets(
        tags=_commonest(tags.items(), MOST_TAGS),
        authors=_commonest(authors.items(), MOST_AUTHORS),
        solved=solved,
        unsolved=found.total - solved,
        answered=answered,
        unanswered=found.total - answered,
        ages=tuple(FacetCount(age, ages[age]) for age in AGES if ages[age]),
    )


def _commonest(counts: Iterable[tuple[str | int, int]], most: int) -> tuple[FacetCount, ...]:
    ranked = sorted(counts, key=lambda pair: (-pair[1], pair[0]))[:most]
    return tuple(FacetCount(str(value), count) for value, count in ranked)
