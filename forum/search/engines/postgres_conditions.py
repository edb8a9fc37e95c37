"""From a plan to the conditions that PostgreSQL checks. Whatever people wrote travels as a parameter."""

from collections.abc import Iterable

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Table,
    Text,
    and_,
    cast,
    false,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from forum.search.engine import (
    Count,
    CountRange,
    HasAccepted,
    IsAccepted,
    Kind,
    Moment,
    Tagged,
    TimeRange,
    WrittenBy,
)
from forum.search.engines import postgres_terms as terms_of
from forum.search.engines.postgres_terms import clean
from forum.search.plan import Alternatives, Beginning, Excluded, Plan, PlannedClause, PlannedLeaf, Terms
from forum.search.ranking import PLACES
from forum.search.records import author_marks

_MOST_COUNT = 2**31 - 1


def holds(record: FromClause, field: str, tsquery: str) -> ColumnElement[bool]:
    """Return the condition that this field of a record is found by the tsquery."""
    return record.c[field].op("@@", is_comparison=True)(cast(tsquery, TSQUERY))


def is_of(record: Table, kind: Kind) -> ColumnElement[bool]:
    """Return the condition that a record is of this kind."""
    return record.c.post_id.is_not(None) if kind is Kind.ANSWER else record.c.post_id.is_(None)


class Conditions:
    """Of clauses, the conditions that a record of this kind meets when they find it."""

    def __init__(self, record: Table, kind: Kind) -> None:
        self._record = record
        self._kind = kind

    def of(self, plan: Plan) -> ColumnElement[bool]:
        """Return the condition that every clause of the plan finds the record."""
        return and_(is_of(self._record, self._kind), *(self._clause(clause) for clause in plan.clauses))

    def in_answers(self, leaf: Terms | Beginning) -> ColumnElement[bool]:
        """Return the condition that the text stands in an answer of the thread."""
        place = PLACES[self._kind, leaf.field]
        if place.in_answers is None:
            return false()
        answer = self._record.alias("answer")
        found = select(answer.c.thread_id).where(
            answer.c.post_id.is_not(None), self._in_fields(leaf, (place.in_answers,), answer)
        )
        return self._record.c.thread_id.in_(found)

    def _clause(self, clause: PlannedClause) -> ColumnElement[bool]:
        if isinstance(clause, Excluded):
            return not_(self._leaf(clause.leaf))
        if isinstance(clause, Alternatives):
            return or_(*(self._clause(leaf) for leaf in clause.leaves))
        return self._leaf(clause)

    def _leaf(self, leaf: PlannedLeaf) -> ColumnElement[bool]:
        record = self._record.c
        match leaf:
            case Terms() | Beginning():
                return self._text(leaf)
            case Tagged(tag):
                return self._contains("tags", [tag])
            case WrittenBy(user_id, name):
                marks = author_marks(user_id, name)
                return self._contains("people" if self._kind is Kind.ANY else "author", marks)
            case HasAccepted(value):
                return record.has_accepted.is_(value)
            case IsAccepted(value):
                return record.is_accepted.is_(value)
            case CountRange(of, low, high):
                number = record.score if of is Count.SCORE else record.answer_count
                return _between(number, _bounded(low), _bounded(high))
            case TimeRange(of, since, before):
                moment = record.created_at if of is Moment.CREATED else record.active_at
                is_late = true() if since is None else moment >= since
                return and_(is_late, true() if before is None else moment < before)

    def _contains(self, column: str, marks: Iterable[str]) -> ColumnElement[bool]:
        wanted = literal(sorted(map(clean, marks)), ARRAY(Text))
        return self._record.c[column].op("@>", is_comparison=True)(wanted)

    def _text(self, leaf: Terms | Beginning) -> ColumnElement[bool]:
        place = PLACES[self._kind, leaf.field]
        own = self._in_fields(leaf, [field for field, _ in place.own], self._record)
        return own if place.in_answers is None else or_(own, self.in_answers(leaf))

    def _in_fields(
        self, leaf: Terms | Beginning, fields: Iterable[str], record: FromClause
    ) -> ColumnElement[bool]:
        if isinstance(leaf, Beginning):
            return or_(*(holds(record, field, terms_of.beginning(leaf.text)) for field in fields))
        groups = [terms_of.any_of(map(terms_of.sequence, group)) for group in leaf.groups]
        names = list(fields)
        if len(names) == 1:
            return holds(record, names[0], terms_of.all_of(groups))
        return and_(*(or_(*(holds(record, field, group) for field in names)) for group in groups))


def _between(number: ColumnElement[int], low: int | None, high: int | None) -> ColumnElement[bool]:
    is_enough = true() if low is None else number >= low
    return and_(is_enough, true() if high is None else number <= high)


def _bounded(number: int | None) -> int | None:
    """Return the bound within what a column of PostgreSQL can hold and be compared with."""
    return None if number is None else max(-_MOST_COUNT, min(number, _MOST_COUNT))
