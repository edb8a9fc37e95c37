"""Counting results by tag, author, age and so on, by aggregations of the server."""

from typing import Any

from forum.core import clock
from forum.search.engines.opensearch_schema import microseconds
from forum.search.engines.opensearch_server import Body
from forum.search.facets import AGES, MOST_AUTHORS, MOST_TAGS, FacetCount, Facets

_READ_PER_SHARD = 1_000
"""Values that each shard reports, so that the commonest of all shards together are nearly always right."""


def counted() -> Body:
    """Return what to count over the results of a query."""
    now = clock.now()
    return {
        "tags": _commonest("tags", MOST_TAGS),
        "authors": _commonest("author_id", MOST_AUTHORS),
        "solved": {"filter": {"term": {"has_accepted": True}}},
        "answered": {"filter": {"range": {"answer_count": {"gte": 1}}}},
        "ages": {
            "filters": {
                "filters": {
                    age: {"range": {"created": {"gte": microseconds(now - span)}}}
                    for age, span in AGES.items()
                }
            }
        },
    }


def facets_from(counts: Body, total: int) -> Facets:
    """Return the counts that the server gave for `counted`, of so many results."""
    solved, answered = counts["solved"]["doc_count"], counts["answered"]["doc_count"]
    ages = {age: counts["ages"]["buckets"][age]["doc_count"] for age in AGES}
    return Facets(
        tags=_values(counts["tags"]),
        authors=_values(counts["authors"]),
        solved=solved,
        unsolved=total - solved,
        answered=answered,
        unanswered=total - answered,
        ages=tuple(FacetCount(age, count) for age, count in ages.items() if count),
    )


def _commonest(field: str, most: int) -> Body:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    return {"terms": {"field": field, "size": most, "shard_size": _READ_PER_SHARD, "order": order}}


def _values(counted: Any) -> tuple[FacetCount, ...]:
    return tuple(FacetCount(str(bucket["key"]), bucket["doc_count"]) for bucket in counted["buckets"])
