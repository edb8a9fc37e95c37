"""What others do at best: BM25 as search libraries ship it, over title and question, words stemmed.

It is the ranking of a plain Whoosh index with a field for the title and one for the question, both analysed
by its StemmingAnalyzer, any word of the query sufficing: BM25 with k1 1.2 and b 0.75 in each field, added up,
each word of the query counted once. It is computed here in memory, since only its ranking is compared with.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from math import log

from whoosh.analysis.filters import LowercaseFilter, StopFilter
from whoosh.analysis.morph import StemFilter
from whoosh.analysis.tokenizers import RegexTokenizer

from forum.benchmark.sets import Thread

K1 = 1.2
B = 0.75


class _Field:
    """The terms of one field of all threads."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._postings: dict[str, list[tuple[int, int]]] = {}
        self._lengths = [len(terms) for terms in texts]
        self._average = sum(self._lengths) / (len(self._lengths) or 1) or 1.0
        for number, terms in enumerate(texts):
            for term, frequency in Counter(terms).items():
                self._postings.setdefault(term, []).append((number, frequency))

    def add_scores(self, term: str, scores: dict[int, float]) -> None:
        """Add what the term counts in each thread."""
        postings = self._postings.get(term, [])
        # Whoosh's own formula for how rare a term is.
        rarity = log(len(self._lengths) / (len(postings) + 1)) + 1
        for number, frequency in postings:
            shortness = 1 - B + B * self._lengths[number] / self._average
            score = rarity * frequency * (K1 + 1) / (frequency + K1 * shortness)
            scores[number] = scores.get(number, 0.0) + score


class Yardstick:
    """The threads of a set, as terms in memory."""

    def __init__(self, threads: Sequence[Thread]) -> None:
        self._analyse = RegexTokenizer() | LowercaseFilter() | StopFilter() | StemFilter(cachesize=-1)
        self._dates = [thread.date for thread in threads]
        titles = [self._terms(thread.title) for thread in threads]
        self._fields = (_Field(titles), _Field([self._terms(thread.body) for thread in threads]))

    def best(self, text: str, *, before: datetime, without: int | None, most: int) -> list[int]:
        """Return the numbers of the best threads, from 1, best first."""
        scores: dict[int, float] = {}
        for term in dict.fromkeys(self._terms(text)):
            for field in self._fields:
                field.add_scores(term, scores)
        allowed = (number for number in scores if self._dates[number] < before and number + 1 != without)
        ranked = sorted(allowed, key=lambda number: (-scores[number], number))
        return [number + 1 for number in ranked[:most]]

    def _terms(self, text: str) -> list[str]:
        return [token.text for token in self._analyse(text)]
