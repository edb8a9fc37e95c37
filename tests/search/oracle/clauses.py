"""Query objects that Whoosh lacks, or has with a fault."""

from abc import ABC, abstractmethod
from itertools import islice
from typing import Any

from whoosh.matching.binary import AndMaybeMatcher
from whoosh.matching.mcore import ListMatcher, Matcher, NullMatcher
from whoosh.matching.wrappers import ConstantScoreWrapperMatcher, FilterMatcher
from whoosh.query.compound import AndMaybe, BinaryQuery
from whoosh.query.qcore import Query
from whoosh.query.wrappers import WrappingQuery

from forum.search.ranking import PLAIN_SCORE

MAX_EXPANSION = 2_000
"""Words that one beginning is followed up to, in the order of the alphabet."""


class Unscored(WrappingQuery):
    """What the given query finds, with a score of nought: conditions filter, and say nothing of relevance."""

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        matcher = self.child.matcher(searcher, searcher.boolean_context())
        return ConstantScoreWrapperMatcher(matcher, 0.0) if matcher.is_active() else NullMatcher()


class Without(BinaryQuery):
    """What the first query finds and the second doesn't.

    Whoosh's own AndNot lets a first record through that it should leave out (3.54.0).
    """

    def matcher(self, searcher: Any, context: Any = None) -> Matcher:
        excluded = frozenset(self.b.matcher(searcher, searcher.boolean_context()).all_ids())
        return FilterMatcher(self.a.matcher(searcher, context), excluded, exclude=True)

    def estimate_size(self, ixreader: Any) -> int:
        return int(self.a.estimate_size(ixreader))


class _BonusMatcher(AndMaybeMatcher):
    def skip_to(self, id: int) -> None:
        AndMaybeMatcher.skip_to(self, id)
        if self.a.is_active():
            AndMaybeMatcher._first_b(self)


class WithBonus(AndMaybe):
    """What the first query finds; where the second finds it too, the scores are added.

    Whoosh's own AndMaybe forgets the second score after a skip that lands behind its goal (3.54.0).
    """

    matcherclass = _BonusMatcher


class _Collected(Query, ABC):
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

    @abstractmethod
    def _numbers(self, searcher: Any) -> set[int]:
        """Return the numbers of the records that the query finds."""


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
