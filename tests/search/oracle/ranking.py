"""Our BM25 for Whoosh."""

from typing import Any

from whoosh.scoring import WeightingModel, WeightLengthScorer, WeightScorer

from forum.search.engines.whoosh_schema import ANSWERS, THREADS
from forum.search.ranking import bm25, idf
from forum.search.records import ANSWER, QUESTION, TEXT

_HOLDERS = {TEXT: (THREADS,), QUESTION: (THREADS,), ANSWER: (ANSWERS,)}


class Ranking(WeightingModel):
    """Scores a term against the records that have its field at all.

    Whoosh's BM25F counts every record, and threads and their answers share an index: rarities and average
    lengths would depend on how many answers there are.
    """

    def scorer(self, searcher: Any, fieldname: str, text: str, qf: int = 1) -> Any:
        """Return what scores this term; called by Whoosh."""
        if not searcher.schema[fieldname].scorable:
            return WeightScorer.for_(searcher, fieldname, text)
        whole = searcher.get_parent()
        kinds = _HOLDERS.get(fieldname, (THREADS, ANSWERS))
        holders = sum(whole.doc_frequency("kind", kind) for kind in kinds)
        average = whole.field_length(fieldname) / (holders or 1)
        rarity = idf(holders, whole.doc_frequency(fieldname, text))
        return _TermScorer(searcher, fieldname, text, rarity=rarity, average_length=average or 1.0)


class _TermScorer(WeightLengthScorer):
    def __init__(
        self, searcher: Any, fieldname: str, text: str, *, rarity: float, average_length: float
    ) -> None:
        self._rarity = rarity
        self._average_length = average_length
        self.setup(searcher, fieldname, text)

    def _score(self, weight: float, length: int) -> float:
        return bm25(self._rarity, weight, length=length, average_length=self._average_length)
