"""From a plan to Whoosh's query objects."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from whoosh.matching.mcore import ListMatcher, Matcher, NullMatcher
from whoosh.matching.wrappers import ConstantScoreWrapperMatcher
from whoosh.query.compound import And, AndMaybe, AndNot, Or, Require
from whoosh.query.positional import Phrase
from whoosh.query.qcore import Query
from whoosh.query.terms import Term
from whoosh.query.wrappers import WrappingQuery

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
from forum.search.engines.whoosh_schema import ACCEPTED, ANSWERS, SOLVED, THREADS, microseconds
from forum.search.plan import Alternatives, Beginning, Excluded, Plan, PlannedClause, PlannedLeaf, Terms
from forum.search.ranking import PLACES, PLAIN_SCORE, Place
from forum.search.records import author_marks

MAX_EXPANSION = 5_000
"""Words that one beginning is followed up to, in the order of the alphabet."""


def query_for(plan: Plan) -> Query:
    """Return the Whoosh query that finds and scores what the plan says."""
    translation = _Translation(plan.kind)
    texts = [clause for clause in plan.clauses if isinstance(clause, Terms | Beginning | Alternatives)]
    filters = [clause for clause in plan.clauses if clause not in texts and not isinstance(clause, Excluded)]
    excluded = [translation.leaf(clause.leaf) for clause in plan.clauses if isinstance(clause, Excluded)]
    required = _all([translation.of_kind, *(translation.clause(clause) for clause in filters)])
    if texts:
        required = Require(_all([translation.clause(clause) for clause in texts]), required)
    return AndNot(required, _any(excluded)) if excluded else required


class _Translation:
    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.of_kind = Unscored(Term("kind", ANSWERS if kind is Kind.ANSWER else THREADS))

    def clause(self, clause: PlannedClause) -> Query:
        if isinstance(clause, Excluded):
            return AndNot(self.of_kind, self.leaf(clause.leaf))
        if isinstance(clause, Alternatives):
            return _any([self.clause(leaf) for leaf in clause.leaves])
        return self.leaf(clause)

    def leaf(self, leaf: PlannedLeaf) -> Query:
        if isinstance(leaf, Terms | Beginning):
            return self._text(leaf)
        return Unscored(self._condition(leaf))

    def _condition(
        self, leaf: Tagged | WrittenBy | CountRange | TimeRange | HasAccepted | IsAccepted
    ) -> Query:
        match leaf:
            case Tagged(tag):
                return Term("tag", tag)
            case WrittenBy(user_id, name):
                field = "people" if self._kind is Kind.ANY else "author"
                return _all([Term(field, mark) for mark in author_marks(user_id, name)])
            case HasAccepted(value):
                return self._flag(SOLVED, value)
            case IsAccepted(value):
                return self._flag(ACCEPTED, value)
            case CountRange(of, low, high):
                return ColumnRange("score" if of is Count.SCORE else "answers", low, high)
            case TimeRange(moment, since, before):
                column = "created" if moment is Moment.CREATED else "active"
                low = None if since is None else microseconds(since)
                return ColumnRange(column, low, None if before is None else microseconds(before) - 1)

    def _flag(self, flag: str, value: bool) -> Query:
        has_flag = Term("flag", flag)
        return has_flag if value else AndNot(self.of_kind, has_flag)

    def _text(self, leaf: Terms | Beginning) -> Query:
        place = PLACES[self._kind, leaf.field]
        found = _in_fields(leaf, place.own)
        if place.in_answers is not None:
            answers = _all([Term("kind", ANSWERS), _in_fields(leaf, ((place.in_answers, 1.0),))])
            found = _any([found, ThreadsOfAnswers(answers)])
        return _with_bonus(found, leaf, place)


def _with_bonus(found: Query, leaf: Terms | Beginning, place: Place) -> Query:
    if place.bonus is None or isinstance(leaf, Beginning):
        return found
    bonus = [_sequence(*place.bonus, terms) for group in leaf.groups for terms in group]
    return AndMaybe(found, _any(bonus))


def _in_fields(leaf: Terms | Beginning, fields: Iterable[tuple[str, float]]) -> Query:
    if isinstance(leaf, Beginning):
        return _any([Beginnings(name, leaf.text) for name, _ in fields])
    return _all(
        [
            _any([_sequence(name, weight, terms) for name, weight in fields for terms in group])
            for group in leaf.groups
        ]
    )


def _sequence(field: str, weight: float, terms: tuple[str, ...]) -> Query:
    if len(terms) == 1:
        return Term(field, terms[0], boost=weight)
    return Phrase(field, list(terms), boost=weight)


def _all(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else And(queries)


def _any(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Or(queries)


class Unscored(WrappingQuery):
    """What the given query finds, with a score of nought: conditions filter, and say nothing of relevance."""

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        matcher = self.child.matcher(searcher, searcher.boolean_context())
        return ConstantScoreWrapperMatcher(matcher, 0.0) if matcher.is_active() else NullMatcher()


class _Collected(Query):
    """A query that knows its records as a whole, before they are gone through one by one."""

    def is_leaf(self) -> bool:
        return True

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    def estimate_min_size(self, ixreader: Any) -> int:
        return 0

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        numbers = sorted(self._numbers(searcher))
        return ListMatcher(numbers, all_weights=PLAIN_SCORE) if numbers else NullMatcher()

    def _numbers(self, searcher: Any) -> set[int]:
        raise NotImplementedError


class ThreadsOfAnswers(_Collected):
    """The threads whose answers the given query finds."""

    def __init__(self, answers: Query) -> None:
        self._answers = answers

    def _numbers(self, searcher: Any) -> set[int]:
        matcher = self._answers.matcher(searcher, searcher.boolean_context())
        if not matcher.is_active():
            return set()
        ordinals = searcher.reader().column_reader("ordinal", translate=False)
        return {number - ordinals[number] for number in matcher.all_ids()}


class Beginnings(_Collected):
    """The records with a term that begins so."""

    def __init__(self, field: str, beginning: str) -> None:
        self._field = field
        self._beginning = beginning

    def _numbers(self, searcher: Any) -> set[int]:
        reader = searcher.reader()
        terms = islice(reader.expand_prefix(self._field, self._beginning.encode()), MAX_EXPANSION)
        numbers: set[int] = set()
        for term in list(terms):
            numbers.update(reader.postings(self._field, term).all_ids())
        return numbers


class ColumnRange(_Collected):
    """The records whose number in this column lies within the bounds, which belong to the range."""

    def __init__(self, column: str, low: int | None, high: int | None) -> None:
        self._column = column
        self._low = -(2**63) if low is None else low
        self._high = 2**63 if high is None else high

    def _numbers(self, searcher: Any) -> set[int]:
        values = searcher.reader().column_reader(self._column, translate=False)
        return {number for number, value in enumerate(values) if self._low <= value <= self._high}
