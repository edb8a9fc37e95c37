"""How many results of a search there are of each kind: what narrows it next, with what is left then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

MOST_TAGS = 12
"""Tags that are counted out; rarer ones narrow so far that typing them is quicker."""

MOST_AUTHORS = 8
"""Authors that are counted out."""

AGES: Mapping[str, timedelta] = {
    "7d": timedelta(days=7),
    "1m": timedelta(days=30),
    "1y": timedelta(days=365),
}
"""The ages by which results are counted, as the query language writes them after `created:`."""


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value and how many of all results have it; `value` is written as the query language takes it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts over all results of a query, its filters applied. Values that no result has are left out."""

    tags: tuple[FacetCount, ...] = ()
    """The commonest tags, commonest first, then by name."""
    authors: tuple[FacetCount, ...] = ()
    """Ids of the people who wrote most of the results (a thread's is its asker), by count, then by id."""
    solved: int = 0
    """Results of `hasaccepted:yes`."""
    unsolved: int = 0
    answered: int = 0
    """Results of `answers:1..`: the thread has an answer."""
    unanswered: int = 0
    ages: tuple[FacetCount, ...] = ()
    """For each key of `AGES`, the results that were created within that time, counted from the present."""
