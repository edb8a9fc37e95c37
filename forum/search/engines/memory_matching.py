"""Which records a plan finds, by set operations on dictionaries of scores."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeAlias

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
from forum.search.engines.memory_postings import Key, Postings
from forum.search.plan import Alternatives, Beginning, Excluded, Plan, PlannedClause, PlannedLeaf, Terms
from forum.search.ranking import PLACES, PLAIN_SCORE, bm25, idf
from forum.search.records import Record, author_marks

Scores: TypeAlias = dict[Key, float]


class Matching:
    """The records of one kind that clauses find."""

    def __init__(self, postings: Postings, kind: Kind) -> None:
        self._postings = postings
        self._kind = kind
        self._keys = {
            key
            for key, record in postings.records.items()
            if (record.post_id is not None) is (kind is Kind.ANSWER)
        }

    def found(self, plan: Plan) -> Scores:
        """Return the records that every clause of the plan finds, with the sums of their scores."""
        return self._all(self._clause(clause) for clause in plan.clauses)

    def _all(self, parts: Iterable[Scores]) -> Scores:
        total = dict.fromkeys(self._keys, 0.0)
        for part in parts:
            total = {key: score + part[key] for key, score in total.items() if key in part}
        return total

    def _clause(self, clause: PlannedClause) -> Scores:
        if isinstance(clause, Excluded):
            excluded = self._leaf(clause.leaf)
            return {key: 0.0 for key in self._keys if key not in excluded}
        if isinstance(clause, Alternatives):
            return _any(self._clause(leaf) for leaf in clause.leaves)
        return self._leaf(clause)

    def _leaf(self, leaf: PlannedLeaf) -> Scores:
        if isinstance(leaf, Terms | Beginning):
            return self._text(leaf)
        holds = _condition(leaf, self._kind)
        return {key: 0.0 for key in self._keys if holds(self._postings.records[key])}

    def _text(self, leaf: Terms | Beginning) -> Scores:
        place = PLACES[self._kind, leaf.field]
        found = self._in_fields(leaf, place.own)
        if place.in_answers is not None:
            in_answers = self._in_fields(leaf, ((place.in_answers, 1.0),))
            threads = {(thread_id, 0): PLAIN_SCORE for thread_id, ordinal in in_answers if ordinal}
            found = _any((found, threads))
        if place.bonus is not None and isinstance(leaf, Terms):
            bonus = _any(self._group(group, (place.bonus,)) for group in leaf.groups)
            found = {key: score + bonus.get(key, 0.0) for key, score in found.items()}
        return found

    def _in_fields(self, leaf: Terms | Beginning, fields: tuple[tuple[str, float], ...]) -> Scores:
        if isinstance(leaf, Beginning):
            return _any(self._beginning(name, leaf.text) for name, _ in fields)
        groups = [self._group(group, fields) for group in leaf.groups]
        common = set(groups[0]).intersection(*groups[1:])
        return {key: sum(group[key] for group in groups) for key in common}

    def _beginning(self, name: str, beginning: str) -> Scores:
        holding = (
            postings
            for (field, term), postings in self._postings.terms.items()
            if field == name and term.startswith(beginning)
        )
        return {key: PLAIN_SCORE for postings in holding for key in postings}

    def _group(self, group: tuple[tuple[str, ...], ...], fields: tuple[tuple[str, float], ...]) -> Scores:
        return _any(
            {key: weight * score for key, score in self._sequence(name, terms).items()}
            for name, weight in fields
            for terms in group
        )

    def _sequence(self, name: str, terms: tuple[str, ...]) -> Scores:
        postings = [self._postings.terms.get((name, term), {}) for term in terms]
        lengths = self._postings.lengths.get(name, {})
        average = sum(lengths.values()) / (len(lengths) or 1)
        rarities = [idf(len(lengths), len(holding)) for holding in postings]
        return {
            key: sum(
                bm25(rarity, len(holding[key]), length=lengths[key], average_length=average)
                for rarity, holding in zip(rarities, postings, strict=True)
            )
            for key in set(postings[0]).intersection(*postings[1:])
            if _follow_each_other([holding[key] for holding in postings])
        }


def _any(parts: Iterable[Scores]) -> Scores:
    total: Scores = {}
    for part in parts:
        for key, score in part.items():
            total[key] = total.get(key, 0.0) + score
    return total


def _follow_each_other(positions: list[list[int]]) -> bool:
    starts = set(positions[0])
    for distance, places in enumerate(positions[1:], start=1):
        starts &= {place - distance for place in places}
    return bool(starts)


def _condition(
    leaf: Tagged | WrittenBy | CountRange | TimeRange | HasAccepted | IsAccepted, kind: Kind
) -> Callable[[Record], bool]:
    match leaf:
        case Tagged(tag):
            return lambda record: tag in record.tags
        case WrittenBy(user_id, name):
            marks = author_marks(user_id, name)
            return lambda record: marks <= (record.people if kind is Kind.ANY else record.author)
        case HasAccepted(value):
            return lambda record: record.has_accepted is value
        case IsAccepted(value):
            return lambda record: record.is_accepted is value
        case CountRange():
            return lambda record: _is_between(leaf, record)
        case TimeRange():
            return lambda record: _is_within(leaf, record)


def _is_between(leaf: CountRange, record: Record) -> bool:
    value = record.score if leaf.of is Count.SCORE else record.answer_count
    return (leaf.low is None or leaf.low <= value) and (leaf.high is None or value <= leaf.high)


def _is_within(leaf: TimeRange, record: Record) -> bool:
    moment: datetime = record.created_at if leaf.of is Moment.CREATED else record.active_at
    return (leaf.since is None or leaf.since <= moment) and (leaf.before is None or moment < leaf.before)
