"""Counting results by tag, author, age and so on, in one statement."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    Text,
    cast,
    func,
    literal,
    select,
    union_all,
)

from forum.core import clock
from forum.search.facets import AGES, MOST_AUTHORS, MOST_TAGS, FacetCount, Facets


def facets_of(connection: Connection, record: Table, found: ColumnElement[bool]) -> Facets:
    """Return the counts of the records that meet the condition."""
    columns = (record.c[name] for name in ("tags", "author_id", "has_accepted", "answer_count", "created_at"))
    results = select(*columns).where(found).cte("results")
    counts: dict[str, list[FacetCount]] = {}
    parts = [
        *(_number(name, condition, results) for name, condition in _conditions(results.c).items()),
        _commonest_tags(results.c),
        _commonest_authors(results.c),
    ]
    for kind, value, count in connection.execute(union_all(*parts)):
        counts.setdefault(kind, []).append(FacetCount(value, count))

    def number(name: str) -> int:
        return counts[name][0].count

    return Facets(
        tags=tuple(sorted(counts.get("tag", ()), key=lambda tag: (-tag.count, tag.value))),
        authors=tuple(sorted(counts.get("author", ()), key=lambda who: (-who.count, int(who.value)))),
        solved=number("solved"),
        unsolved=number("all") - number("solved"),
        answered=number("answered"),
        unanswered=number("all") - number("answered"),
        ages=tuple(FacetCount(age, count) for age in AGES if (count := number(age))),
    )


def _conditions(results: Any) -> dict[str, Any]:
    now = clock.now()
    return {
        "all": literal(True),
        "solved": results.has_accepted,
        "answered": results.answer_count > 0,
        **{age: results.created_at >= now - span for age, span in AGES.items()},
    }


def _number(name: str, condition: Any, results: Any) -> Any:
    return _labelled(name, literal(name), func.count().filter(condition)).select_from(results)


def _commonest_tags(results: Any) -> Any:
    tags = select(func.unnest(results.tags).label("tag")).subquery()
    tag = tags.c.tag.collate("C")
    count = func.count()
    commonest = select(tag.label("value"), count.label("count")).group_by(tag)
    return _of(commonest.order_by(count.desc(), tag).limit(MOST_TAGS), "tag")


def _commonest_authors(results: Any) -> Any:
    author, count = results.author_id, func.count()
    commonest = select(author.label("value"), count.label("count")).where(author.is_not(None))
    return _of(commonest.group_by(author).order_by(count.desc(), author).limit(MOST_AUTHORS), "author")


def _of(commonest: Any, kind: str) -> Any:
    part = commonest.subquery()
    return _labelled(kind, cast(part.c.value, Text), part.c.count)


def _labelled(kind: str, value: Any, count: Any) -> Any:
    return select(literal(kind).label("kind"), cast(value, Text), cast(count, BigInteger))
