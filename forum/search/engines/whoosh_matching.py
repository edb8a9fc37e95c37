"""Which records of a segment a plan finds, and their scores: Whoosh's postings added up as arrays.

The results are those of Whoosh's own matchers, to the order; a test compares them. Its matchers go through
the postings one by one in Python, which takes seconds for a query of thirty words on 20,000 threads.
"""

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

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
from forum.search.engines.whoosh_codec import Block
from forum.search.engines.whoosh_matches import Matches, in_all, in_any, nothing, unscored, with_bonus
from forum.search.engines.whoosh_schema import ACCEPTED, SOLVED, microseconds
from forum.search.engines.whoosh_segments import Mask
from forum.search.engines.whoosh_snapshots import Part, Snapshot
from forum.search.plan import Alternatives, Beginning, Excluded, Plan, PlannedClause, PlannedLeaf, Terms
from forum.search.ranking import K1, PLACES, PLAIN_SCORE, B, idf
from forum.search.records import ANSWER, QUESTION, TEXT, author_marks

MAX_EXPANSION = 2_000
"""Words that one beginning is followed up to, in the order of the alphabet."""

_POSITION_BITS = 32
Condition = Tagged | WrittenBy | CountRange | TimeRange | HasAccepted | IsAccepted


class Matching:
    """The records of one kind in one segment that clauses find."""

    def __init__(self, snapshot: Snapshot, part: Part, kind: Kind) -> None:
        self._snapshot = snapshot
        self._part = part
        self._segment = part.segment
        self._size = part.segment.size
        self._kind = kind

    def found(self, plan: Plan) -> Matches:
        """Return the living records that every clause of the plan finds, with the sums of their scores."""
        texts = [clause for clause in plan.clauses if isinstance(clause, Terms | Beginning | Alternatives)]
        wanted = self._of_kind & self._part.alive
        for clause in plan.clauses:
            if isinstance(clause, Excluded):
                wanted = wanted & ~self._mask(clause.leaf)
            elif not isinstance(clause, Terms | Beginning | Alternatives):
                wanted = wanted & self._condition(clause)
        if not texts:
            return unscored(np.flatnonzero(wanted))
        numbers, scores = in_all([self._clause(clause) for clause in texts], self._size)
        return Matches(numbers[wanted[numbers]], scores[wanted[numbers]])

    @cached_property
    def _of_kind(self) -> Mask:
        is_thread = self._segment.is_thread
        return ~is_thread if self._kind is Kind.ANSWER else is_thread

    def _clause(self, clause: PlannedClause) -> Matches:
        if isinstance(clause, Excluded):
            return unscored(np.flatnonzero(self._of_kind & ~self._mask(clause.leaf)))
        if isinstance(clause, Alternatives):
            return in_any([self._clause(leaf) for leaf in clause.leaves], self._size)
        if isinstance(clause, Terms | Beginning):
            return self._text(clause)
        return unscored(np.flatnonzero(self._of_kind & self._mask(clause)))

    def _mask(self, leaf: PlannedLeaf) -> Mask:
        if isinstance(leaf, Terms | Beginning):
            return self._are(self._text(leaf).numbers)
        return self._condition(leaf)

    def _condition(self, leaf: Condition) -> Mask:
        match leaf:
            case Tagged(tag):
                return self._marked("tag", [tag])
            case WrittenBy(user_id, name):
                field = "people" if self._kind is Kind.ANY else "author"
                return self._marked(field, sorted(author_marks(user_id, name)))
            case HasAccepted(value):
                return self._flagged(SOLVED, value)
            case IsAccepted(value):
                return self._flagged(ACCEPTED, value)
            case CountRange(of, low, high):
                return self._within("score" if of is Count.SCORE else "answers", low, high)
            case TimeRange(moment, since, before):
                column = "created" if moment is Moment.CREATED else "active"
                low = None if since is None else microseconds(since)
                return self._within(column, low, None if before is None else microseconds(before) - 1)

    def _marked(self, field: str, marks: Sequence[str]) -> Mask:
        """Return which records have all of these marks; none for no mark."""
        masks = [self._are(self._numbers(self._segment.postings(field, mark))) for mark in marks]
        return np.logical_and.reduce(masks) if masks else np.zeros(self._size, np.bool_)

    def _flagged(self, flag: str, value: bool) -> Mask:
        has_flag = self._marked("flag", [flag])
        return has_flag if value else ~has_flag

    def _within(self, column: str, low: int | None, high: int | None) -> Mask:
        values = self._segment.columns[column]
        is_within = np.ones(self._size, np.bool_)
        if low is not None:
            is_within &= values >= low
        if high is not None:
            is_within &= values <= high
        return is_within

    def _are(self, numbers: NDArray[np.int64]) -> Mask:
        mask = np.zeros(self._size, np.bool_)
        mask[numbers] = True
        return mask

    def _text(self, leaf: Terms | Beginning) -> Matches:
        place = PLACES[self._kind, leaf.field]
        found = self._in_fields(leaf, place.own)
        if place.in_answers is not None:
            found = in_any([found, self._threads_of(leaf, place.in_answers)], self._size)
        if place.bonus is not None and isinstance(leaf, Terms):
            bonus = [self._group(group, (place.bonus,)) for group in leaf.groups]
            found = with_bonus(found, in_any(bonus, self._size), self._size)
        return found

    def _threads_of(self, leaf: Terms | Beginning, field: str) -> Matches:
        """Return the threads that have the text in an answer that is alive."""
        numbers = self._in_fields(leaf, ((field, 1.0),)).numbers
        is_answer = ~self._segment.is_thread[numbers] & self._part.alive[numbers]
        answers = numbers[is_answer]
        return unscored(np.unique(answers - self._segment.columns["ordinal"][answers]), PLAIN_SCORE)

    def _in_fields(self, leaf: Terms | Beginning, fields: tuple[tuple[str, float], ...]) -> Matches:
        if isinstance(leaf, Beginning):
            numbers = [self._beginning(name, leaf.text) for name, _ in fields]
            return in_any([unscored(found, PLAIN_SCORE) for found in numbers], self._size)
        return in_all([self._group(group, fields) for group in leaf.groups], self._size)

    def _beginning(self, field: str, beginning: str) -> NDArray[np.int64]:
        terms = self._segment.terms(field, beginning, most=MAX_EXPANSION)
        mask = np.zeros(self._size, np.bool_)
        for term in terms:
            mask[self._numbers(self._segment.postings(field, term))] = True
        return np.flatnonzero(mask)

    def _group(self, group: tuple[tuple[str, ...], ...], fields: tuple[tuple[str, float], ...]) -> Matches:
        parts = [
            Matches(found.numbers, weight * found.scores)
            for name, weight in fields
            for terms in group
            for found in [self._sequence(name, terms)]
        ]
        return in_any(parts, self._size)

    def _sequence(self, field: str, terms: tuple[str, ...]) -> Matches:
        blocks = [self._segment.postings(field, term) for term in terms]
        if any(block is None for block in blocks):
            return nothing()
        present = [block for block in blocks if block is not None]
        score = self._scoring(field)
        scored = [
            Matches(block.numbers.astype(np.int64), score(term, block))
            for term, block in zip(terms, present, strict=True)
        ]
        if len(scored) == 1:
            return scored[0]
        numbers, scores = in_all(scored, self._size)
        is_in_order = np.isin(numbers, self._in_order(present), assume_unique=True)
        return Matches(numbers[is_in_order], scores[is_in_order])

    def _in_order(self, blocks: list[Block]) -> NDArray[np.int64]:
        """Return the records in which these terms stand one after the other."""
        starts: NDArray[np.int64] | None = None
        for distance, block in enumerate(blocks):
            numbers, positions = self._segment.positions(block)
            keys = (numbers.astype(np.int64) << _POSITION_BITS) + positions - distance
            starts = keys if starts is None else starts[np.isin(starts, keys)]
        return np.unique(starts >> _POSITION_BITS) if starts is not None else np.zeros(0, np.int64)

    def _scoring(self, field: str) -> Callable[[str, Block], NDArray[np.float64]]:
        """Return what scores a term's postings by BM25, against the records that have this field at all."""
        whole = self._snapshot
        holders = {TEXT: whole.threads, QUESTION: whole.threads, ANSWER: whole.answers}.get(
            field, whole.threads + whole.answers
        )
        average = whole.average_length(field, holders)
        lengths = self._segment.lengths(field)

        def score(term: str, block: Block) -> NDArray[np.float64]:
            rarity = idf(holders, whole.frequency(field, term))
            frequencies = block.frequencies.astype(np.float64)
            shortness = 1 - B + B * lengths[block.numbers] / average
            return rarity * frequencies * (K1 + 1) / (frequencies + K1 * shortness)

        return score

    def _numbers(self, block: Block | None) -> NDArray[np.int64]:
        return np.zeros(0, np.int64) if block is None else block.numbers.astype(np.int64)
