"""Counting results by tag, author, age and so on."""

from collections import Counter
from collections.abc import Iterable

from forum.core import clock
from forum.search.facets import AGES, MOST_AUTHORS, MOST_TAGS, FacetCount, Facets
from forum.search.records import Record


def facets_of(found: Iterable[Record]) -> Facets:
    """Return the counts of these records."""
    records = list(found)
    now = clock.now()
    tags = Counter(tag for record in records for tag in record.tags)
    authors = Counter(record.author_id for record in records if record.author_id is not None)
    ages = {age: sum(record.created_at >= now - span for record in records) for age, span in AGES.items()}
    solved = sum(record.has_accepted for record in records)
    answered = sum(record.answer_count > 0 for record in records)
    by_tag = sorted(tags, key=lambda tag: (-tags[tag], tag))[:MOST_TAGS]
    by_author = sorted(authors, key=lambda author: (-authors[author], author))[:MOST_AUTHORS]
    return Facets(
        tags=tuple(FacetCount(tag, tags[tag]) for tag in by_tag),
        authors=tuple(FacetCount(str(author), authors[author]) for author in by_author),
        solved=solved,
        unsolved=len(records) - solved,
        answered=answered,
        unanswered=len(records) - answered,
        ages=tuple(FacetCount(age, count) for age, count in ages.items() if count),
    )
