"""From a plan to a query of OpenSearch that scores as `forum.search.ranking` says.

No text of a user is parsed by the server: terms, prefixes and numbers are values of single clauses.
"""

from collections.abc import Iterable

from forum.search.engine import (
    Count,
    CountRange,
    HasAccepted,
    IsAccepted,
    Kind,
    Moment,
    Sort,
    Tagged,
    TimeRange,
    WrittenBy,
)
from forum.search.engines.opensearch_schema import ANSWERS, clean, microseconds, sequence
from forum.search.engines.opensearch_server import Body
from forum.search.plan import Alternatives, Beginning, Excluded, Plan, PlannedLeaf, Terms
from forum.search.ranking import PLACES, PLAIN_SCORE, SOLVED_FACTOR
from forum.search.records import author_marks

_MOST = 2**63 - 1
"""The largest number that the server keeps; no score or number of answers comes near."""

_SORTED_BY = {Sort.RELEVANCE: "_score", Sort.NEWEST: "created", Sort.ACTIVE: "active", Sort.SCORE: "score"}


def matching(plan: Plan) -> Body:
    """Return what finds, and scores, the records that every clause of the plan finds."""
    scored: list[Body] = []
    required: list[Body] = [{"term": {"is_answer": plan.kind is Kind.ANSWER}}]
    refused: list[Body] = []
    for clause in plan.clauses:
        if isinstance(clause, Excluded):
            refused.append(_leaf(clause.leaf, plan.kind))
        elif isinstance(clause, Alternatives):
            scored.append(_any(_alternative(leaf, plan.kind) for leaf in clause.leaves))
        elif isinstance(clause, Terms | Beginning):
            scored.append(_leaf(clause, plan.kind))
        else:
            required.append(_leaf(clause, plan.kind))
    return _preferring_solved({"bool": {"must": scored, "filter": required, "must_not": refused}})


def about(clauses: Iterable[Body], *, required: list[Body], refused: list[Body]) -> Body:
    """Return what finds the threads for which any of the clauses holds, scored by how many and which."""
    threads = {"term": {"is_answer": False}}
    return {
        "bool": {
            "should": list(clauses),
            "minimum_should_match": 1,
            "filter": [threads, *required],
            "must_not": refused,
        }
    }


def order(sort: Sort) -> list[Body]:
    """Return how results are sorted; the last two values of each are its thread and its post, 0 for none."""
    return [{name: {"order": "desc"}} for name in (_SORTED_BY[sort], "thread_id", "post_id")]


def term(field: str, value: str, boost: float) -> Body:
    """Return what finds and scores the records with a term in a field."""
    return {"term": {field: {"value": value, "boost": boost}}}


def _preferring_solved(query: Body) -> Body:
    solved = {"filter": {"term": {"is_solved": True}}, "weight": SOLVED_FACTOR}
    return {"function_score": {"query": query, "functions": [solved], "boost_mode": "multiply"}}


def _alternative(leaf: PlannedLeaf | Excluded, kind: Kind) -> Body:
    if isinstance(leaf, Excluded):
        return {"bool": {"must_not": [_leaf(leaf.leaf, kind)]}}
    if isinstance(leaf, Terms | Beginning):
        return _leaf(leaf, kind)
    # A condition that holds makes nothing more relevant.
    return {"bool": {"filter": [_leaf(leaf, kind)]}}


def _leaf(leaf: PlannedLeaf, kind: Kind) -> Body:
    match leaf:
        case Terms() | Beginning():
            return _text(leaf, kind)
        case Tagged(tag):
            return {"term": {"tags": clean(tag)}}
        case WrittenBy(user_id, name):
            field = "people" if kind is Kind.ANY else "author"
            marks = sorted(author_marks(user_id, name))
            return {"bool": {"filter": [{"term": {field: clean(mark)}} for mark in marks]}}
        case HasAccepted(value):
            return {"term": {"has_accepted": value}}
        case IsAccepted(value):
            return {"term": {"is_accepted": value}}
        case CountRange():
            return _between(leaf)
        case TimeRange():
            return _within(leaf)


def _between(leaf: CountRange) -> Body:
    field = "score" if leaf.of is Count.SCORE else "answer_count"
    bounds = {"gte": leaf.low, "lte": leaf.high}
    near = {name: max(-_MOST, min(_MOST, bound)) for name, bound in bounds.items() if bound is not None}
    return {"range": {field: near}}


def _within(leaf: TimeRange) -> Body:
    field = "created" if leaf.of is Moment.CREATED else "active"
    bounds = {"gte": leaf.since, "lt": leaf.before}
    return {
        "range": {field: {name: microseconds(bound) for name, bound in bounds.items() if bound is not None}}
    }


def _text(leaf: Terms | Beginning, kind: Kind) -> Body:
    place = PLACES[kind, leaf.field]
    found = _in_fields(leaf, place.own)
    if place.in_answers is not None:
        inside = _in_fields(leaf, ((f"{ANSWERS}.{place.in_answers}", 1.0),))
        nested = {"nested": {"path": ANSWERS, "query": inside, "score_mode": "none"}}
        found = _any((found, {"constant_score": {"filter": nested, "boost": PLAIN_SCORE}}))
    if place.bonus is not None and isinstance(leaf, Terms):
        bonus = [_group(group, (place.bonus,)) for group in leaf.groups]
        found = {"bool": {"must": [found], "should": bonus}}
    return found


def _in_fields(leaf: Terms | Beginning, fields: tuple[tuple[str, float], ...]) -> Body:
    if isinstance(leaf, Beginning):
        beginning = {"value": clean(leaf.text), "boost": PLAIN_SCORE}
        return _any({"prefix": {name: beginning}} for name, _weight in fields)
    return {"bool": {"must": [_group(group, fields) for group in leaf.groups]}}


def _group(group: tuple[tuple[str, ...], ...], fields: tuple[tuple[str, float], ...]) -> Body:
    return _any(_sequence(name, terms, weight) for name, weight in fields for terms in group)


def _sequence(field: str, terms: tuple[str, ...], weight: float) -> Body:
    """Return what finds the terms one after the other and scores each by itself."""
    scored = [term(field, text, weight) for text in terms]
    if len(scored) == 1:
        return scored[0]
    return {"bool": {"must": scored, "filter": [{"match_phrase": {field: {"query": sequence(terms)}}}]}}


def _any(clauses: Iterable[Body]) -> Body:
    choices = list(clauses)
    return choices[0] if len(choices) == 1 else {"bool": {"should": choices, "minimum_should_match": 1}}
