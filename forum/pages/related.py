"""Questions that are about the same as another, found by its title, text and tags.

A question page must not wait for them: what was found is kept for a while in each process, and without an
index there are none.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from forum.posts.queries.question import Question
from forum.search.engine import SearchEngine, SearchUnavailable, SimilarQuery
from forum.search.plain_text import plain_text

SHOWN = 8
FOUND = 16
"""Questions that are looked for: those that are linked anyway are left out of what is shown."""
TEXT_LENGTH = 4_000
"""Characters of a text that are looked at; pasted logs go on for longer and say no more."""
NEAR = 0.15
"""What a question must score to be near, as a part of what the question scores itself. Of the pairs that
helpers linked by hand on archives of support forums, seven to eight in ten score more; what shares but a
common word scores less."""
KEPT_SECONDS = 6 * 3600.0
"""Looking for them takes several times as long as all the rest of a page, and they change seldom."""
KEPT_WITHOUT_INDEX_SECONDS = 30.0
KEPT_QUESTIONS = 5_000
"""How many questions' related ones a process keeps: a few hundred kilobytes."""


@dataclass(slots=True)
class _Found:
    ids: tuple[int, ...]
    until: float


class _Memory:
    """What was found lately with one engine."""

    def __init__(self) -> None:
        self._found: OrderedDict[int, _Found] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, question_id: int) -> tuple[int, ...] | None:
        with self._lock:
            found = self._found.get(question_id)
            return found.ids if found is not None and found.until > time.monotonic() else None

    def keep(self, question_id: int, ids: tuple[int, ...], *, seconds: float) -> None:
        with self._lock:
            self._found[question_id] = _Found(ids, time.monotonic() + seconds)
            self._found.move_to_end(question_id)
            if len(self._found) > KEPT_QUESTIONS:
                self._found.popitem(last=False)


_memories: WeakKeyDictionary[SearchEngine, _Memory] = WeakKeyDictionary()


def related_by(engine: SearchEngine) -> Callable[[Question], Sequence[int]]:
    """Return what names the questions related to one, the most similar first; it raises nothing.

    Its ids come from the index: whoever shows them checks in the database who may see them.
    """
    memory = _memories.setdefault(engine, _Memory())

    def related(question: Question) -> Sequence[int]:
        known = memory.get(question.post.id)
        if known is not None:
            return known
        try:
            ids, seconds = _similar(engine, question), KEPT_SECONDS
        except SearchUnavailable:
            ids, seconds = (), KEPT_WITHOUT_INDEX_SECONDS
        memory.keep(question.post.id, ids, seconds=seconds)
        return ids

    return related


def _similar(engine: SearchEngine, question: Question) -> tuple[int, ...]:
    # The question itself is looked for too: what it scores is the measure of nearness.
    query = SimilarQuery(
        question.title,
        plain_text(question.post.html).text[:TEXT_LENGTH],
        tags=question.tags,
        with_passages=False,
        limit=FOUND + 1,
    )
    scores = {hit.thread_id: hit.score for hit in engine.similar(query)}
    # One that was asked just now may not be in the index yet.
    least = NEAR * scores.pop(question.post.id, 0.0)
    return tuple(id for id, score in scores.items() if score >= least)[:FOUND]
