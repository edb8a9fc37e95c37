"""A search engine that lives in one process: for tests, and for sites of a few hundred threads.

It answers every query as the engine on disk does, by the same plans, places and formula.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock, RLock

from forum.core.i18n import marked
from forum.search.analysis import Analyses, fold
from forum.search.carrying import carry_over
from forum.search.engine import Hit, Hits, Kind, SearchQuery, SearchUnavailable, SimilarQuery, Sort
from forum.search.engines.memory_counting import facets_of
from forum.search.engines.memory_matching import Matching, Scores
from forum.search.engines.memory_postings import Key, Postings
from forum.search.engines.memory_similar import most_similar
from forum.search.plan import Plan, order_of, plan
from forum.search.ranking import SOLVED_FACTOR
from forum.search.records import Record, records_of, vocabulary_of
from forum.search.snippets import snippet_of, sought_in, sought_terms
from forum.search.spelling import likeliest, slips_in
from forum.search.state import IndexState
from forum.search.threads import ThreadDocument


class MemoryIndex:
    """Documents in dictionaries; nothing outlives the process."""

    def __init__(self, analyses: Analyses) -> None:
        self.lock = RLock()
        self._documents: dict[int, ThreadDocument] = {}
        self._analyses = analyses
        self._postings = Postings()

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        prepared = [(document, records_of(document, self._analyses)) for document in documents]
        with self.lock:
            for document, records in prepared:
                self._postings.remove(document.thread_id)
                self._postings.add(records)
                self._documents[document.thread_id] = document

    def remove(self, thread_ids: Iterable[int]) -> None:
        """See `SearchIndex.remove`."""
        with self.lock:
            for thread_id in thread_ids:
                self._postings.remove(thread_id)
                self._documents.pop(thread_id, None)

    def search(self, query: SearchQuery) -> Hits:
        """See `SearchIndex.search`."""
        planned = plan(query, self._analyses)
        if planned.is_empty:
            return Hits(0, (), ignored=planned.ignored)
        with self.lock:
            found = Matching(self._postings, planned.kind).found(planned)
            relaxed = None if found else planned.relaxed()
            if relaxed is not None:
                found = Matching(self._postings, planned.kind).found(relaxed)
            sort = order_of(query, planned)
            page = self._ranked(found, sort)[query.offset : query.offset + query.limit]
            hits = tuple(self._hit(key, found[key], planned) for key in page)
            counts = facets_of(self._postings.records[key] for key in found) if query.with_facets else None
        return Hits(len(found), hits, relaxed=bool(relaxed and found), ignored=planned.ignored, facets=counts)

    def _ranked(self, found: Scores, sort: Sort) -> list[Key]:
        def rank(key: Key) -> tuple[float, int, int]:
            record = self._postings.records[key]
            first = _relevance(record, found[key]) if sort is Sort.RELEVANCE else _sort_value(record, sort)
            return first, record.thread_id, record.post_id or 0

        return sorted(found, key=rank, reverse=True)

    def _hit(self, key: Key, score: float, planned: Plan) -> Hit:
        record = self._postings.records[key]
        owner, snippet = snippet_of(
            self._documents[record.thread_id],
            sought_in(planned),
            self._analyses.prose,
            kind=planned.kind,
            post_id=record.post_id,
        )
        return Hit(record.thread_id, owner, _relevance(record, score), snippet)

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        """See `SearchIndex.similar`."""
        with self.lock:
            titles = {thread_id: document.title for thread_id, document in self._documents.items()}
            terms, ranked = most_similar(self._postings, query, self._analyses.prose, titles)
            if not query.with_passages:
                return tuple(Hit(key[0], None, score, ()) for key, score in ranked)
            return tuple(self._similar_hit(key, score, terms) for key, score in ranked)

    def _similar_hit(self, key: Key, score: float, terms: tuple[str, ...]) -> Hit:
        owner, snippet = snippet_of(
            self._documents[key[0]], sought_terms(terms), self._analyses.prose, kind=Kind.ANY, post_id=None
        )
        return Hit(key[0], owner, score, snippet)

    def correct(self, words: Iterable[str]) -> Mapping[str, str]:
        """See `SearchIndex.correct`."""
        doubtful = {word: fold(word) for word in words if slips_in(fold(word))}
        if not doubtful:
            return {}
        with self.lock:
            known = self._vocabulary()
        unknown = {word: folded for word, folded in doubtful.items() if folded not in known}
        found = {word: likeliest(folded, known, lambda term: known[term]) for word, folded in unknown.items()}
        return {word: correction for word, correction in found.items() if correction}

    def _vocabulary(self) -> Counter[str]:
        """Return the words of the site as they are written, with the number of threads that have each."""
        known: Counter[str] = Counter()
        for document in self._documents.values():
            known.update(vocabulary_of(document, self._analyses.prose))
        return known

    def suggest(self, prefix: str, limit: int = 10) -> tuple[str, ...]:
        """See `SearchIndex.suggest`."""
        beginning = fold(prefix.strip())
        counts: dict[str, int] = {}
        with self.lock:
            for document in self._documents.values():
                written = self._analyses.prose.written_forms(document.title)
                for word in {form.forms.exact for form in written}:
                    counts[word] = counts.get(word, 0) + word.startswith(beginning)
        words = sorted((word for word in counts if counts[word]), key=lambda word: (-counts[word], word))
        return tuple(words[:limit]) if beginning else ()

    def count(self) -> int:
        """See `SearchIndex.count`."""
        return len(self._documents)

    def thread_ids(self) -> Iterator[int]:
        """See `SearchIndex.thread_ids`."""
        with self.lock:
            return iter(tuple(self._documents))

    def fingerprints(self) -> Mapping[int, str]:
        """See `SearchIndex.fingerprints`."""
        with self.lock:
            return {thread_id: document.fingerprint() for thread_id, document in self._documents.items()}

    def documents(self, thread_ids: Iterable[int]) -> list[ThreadDocument]:
        """Return the documents of these threads as they were indexed."""
        with self.lock:
            known = [self._documents.get(thread_id) for thread_id in thread_ids]
        return [document for document in known if document is not None]


def _relevance(record: Record, score: float) -> float:
    return score * (SOLVED_FACTOR if record.is_solved else 1.0)


def _sort_value(record: Record, sort: Sort) -> float:
    if sort is Sort.SCORE:
        return record.score
    return (record.created_at if sort is Sort.NEWEST else record.active_at).timestamp()


class MemoryEngine(MemoryIndex):
    """The live index of a process, which is empty when the process starts."""

    def __init__(self, analyses: Analyses) -> None:
        super().__init__(analyses)
        self._is_filled = False
        self._rebuild = Lock()

    def needs_rebuild(self) -> str | None:
        """See `SearchEngine.needs_rebuild`."""
        return None if self._is_filled else marked("The index lives in memory and is empty after a start.")

    def unusable(self) -> str | None:
        """See `SearchEngine.unusable`."""
        return self.needs_rebuild()

    def state(self) -> IndexState:
        """See `SearchEngine.state`. Its size in memory is not known."""
        if reason := self.unusable():
            raise SearchUnavailable(reason)
        return IndexState(self.count(), bytes=0, segments=1, version="memory")

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        """See `SearchIndex.index`."""
        super().index(documents)
        self._is_filled = True

    @contextmanager
    def rebuilding(self) -> Iterator[MemoryIndex]:
        """See `SearchEngine.rebuilding`."""
        if not self._rebuild.acquire(blocking=False):
            raise SearchUnavailable("The search index is being rebuilt already; wait until that is done.")
        try:
            fresh = MemoryIndex(self._analyses)
            before = self.fingerprints()
            yield fresh
            with self.lock:
                carry_over(self, before, fresh)
                self._documents, self._postings = fresh._documents, fresh._postings
                self._is_filled = True
        finally:
            self._rebuild.release()

    def close(self) -> None:
        """See `SearchEngine.close`."""
        self._documents = {}
        self._postings = Postings()
