"""From a plan to Whoosh's own query objects, whose matchers say what the engine must find."""

from collections.abc import Iterable

from whoosh.query.compound import And, Or, Require
from whoosh.query.positional import Phrase
from whoosh.query.qcore import Query
from whoosh.query.terms import Term

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
from forum.search.ranking import PLACES, Place
from forum.search.records import author_marks
from tests.search.oracle.clauses import (
    Beginnings,
    ColumnRange,
    ThreadsOfAnswers,
    Unscored,
    WithBonus,
    Without,
)


def query_for(plan: Plan) -> Query:
    """Return the Whoosh query that finds and scores what the plan says."""
    translation = _Translation(plan.kind)
    texts = [clause for clause in plan.clauses if isinstance(clause, Terms | Beginning | Alternatives)]
    filters = [clause for clause in plan.clauses if clause not in texts and not isinstance(clause, Excluded)]
    excluded = [translation.leaf(clause.leaf) for clause in plan.clauses if isinstance(clause, Excluded)]
    required = _all([translation.of_kind, *(translation.clause(clause) for clause in filters)])
    if texts:
        required = Require(_all([translation.clause(clause) for clause in texts]), required)
    return Without(required, _any(excluded)) if excluded else required


class _Translation:
    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self.of_kind = Unscored(Term("kind", ANSWERS if kind is Kind.ANSWER else THREADS))

    def clause(self, clause: PlannedClause) -> Query:
        if isinstance(clause, Excluded):
            return Without(self.of_kind, self.leaf(clause.leaf))
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
        return has_flag if value else Without(self.of_kind, has_flag)

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
    return WithBonus(found, _any(bonus))


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
