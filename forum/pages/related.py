"""Questions that are about the same as another, found by the words of its title.

A question page must not wait for them, so few words are looked up, what was found is kept for a while in each
process, and without an index there are none.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from forum.posts.queries.question import Question
from forum.search.engine import AnyOf, SearchEngine, SearchQuery, SearchUnavailable, Word

SHOWN = 8
WORDS = 6
"""The longest words of a title are its rarest, on average, and rare words are looked up fastest."""
KEPT_SECONDS = 600.0
KEPT_WITHOUT_INDEX_SECONDS = 30.0
KEPT_QUESTIONS = 5_000
"""How many questions' related ones a process keeps: a few hundred kilobytes."""

_WORD = re.compile(r"[^\W_][\w.+#-]*")


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
    words = sorted(dict.fromkeys(_WORD.findall(question.title.casefold())), key=len, reverse=True)[:WORDS]
    if not words:
        return ()
    # One more than is shown, because the question itself is the most similar to its own title.
    hits = engine.search(SearchQuery((AnyOf(tuple(map(Word, words))),), limit=SHOWN + 1)).hits
    return tuple(hit.thread_id for hit in hits if hit.thread_id != question.post.id)[:SHOWN]
