"""Looking for the questions that are related to each, so that no page has to wait for it.

They are looked for when a question has come into the index, when it was edited, and again after `FRESH`, as
there may be better ones by then. Which questions still have none is found by going over all of them after the
start of the worker, so nothing depends on its memory.
"""

import time
from collections.abc import Iterable
from datetime import timedelta
from itertools import islice

import structlog

from forum.core import clock
from forum.core.db import Database
from forum.posts.actions.relating import keep_related
from forum.posts.queries import related as queries
from forum.posts.queries.related import Asked
from forum.search.engine import SearchEngine, SearchUnavailable
from forum.search.related import related_to

FRESH = timedelta(days=30)
"""After so long they are looked for again. On a site of a million questions that is one in 2.6 seconds."""
PORTION = 50
"""Questions whose related ones are looked for in one turn of the worker."""
PORTION_SECONDS = 0.3
"""After so long a portion ends early: a post is to be found two seconds after it was written."""
AGAIN_SECONDS = 60.0
"""How often it is asked which were looked for long ago."""
MOST_DUE = 20_000
"""Questions that are remembered after indexing; if more change at once, all are gone over again."""

log = structlog.get_logger(__name__)


class Relating:
    """Looks for related questions, a portion at a time."""

    def __init__(self, database: Database, engine: SearchEngine) -> None:
        self._database = database
        self._engine = engine
        self._due: dict[int, None] = {}
        self._gone_over: int | None = 0
        """Questions without related ones up to this id are among those that are due; None when all are."""
        self._again_at = 0.0

    def note(self, thread_ids: Iterable[int]) -> None:
        """Let `turn` look at these threads, which have just been indexed."""
        self._due.update(dict.fromkeys(thread_ids))
        if len(self._due) > MOST_DUE:
            self._due.clear()
            self._gone_over = 0

    def turn(self) -> bool:
        """Look for the related ones of a portion of questions, and return whether more are waiting.

        Raises SearchUnavailable without an index.
        """
        if not self._due:
            self._gather()
        ids = list(islice(self._due, PORTION))
        if ids:
            with self._database.reading() as session:
                asked = queries.unlooked(session, ids, before=clock.now() - FRESH)
            looked, found = self._look_for_each(asked)
            if found:
                with self._database.transaction() as session:
                    keep_related(session, found)
            waiting = {question.id for question in asked} - looked
            for id in ids:
                if id not in waiting:
                    self._due.pop(id, None)
        return bool(self._due) or self._gone_over is not None

    def _gather(self) -> None:
        with self._database.reading() as session:
            if self._gone_over is not None:
                ids, self._gone_over = queries.without_related(session, after=self._gone_over)
            elif time.monotonic() >= self._again_at:
                self._again_at = time.monotonic() + AGAIN_SECONDS
                ids = queries.looked_before(session, clock.now() - FRESH, limit=PORTION)
            else:
                return
        self._due.update(dict.fromkeys(ids))

    def _look_for_each(self, asked: Iterable[Asked]) -> tuple[set[int], dict[int, tuple[int, ...]]]:
        """Look for those of one question after the other until the time is up; at least of the first."""
        ends_at = time.monotonic() + PORTION_SECONDS
        looked: set[int] = set()
        found: dict[int, tuple[int, ...]] = {}
        for question in asked:
            if looked and time.monotonic() >= ends_at:
                break
            looked.add(question.id)
            try:
                ids = related_to(question, self._engine)
            except SearchUnavailable:
                raise
            except Exception:
                # One question that can't be looked for must not keep all others from it.
                log.exception("related questions failed", question=question.id)
                continue
            # What is not in the index yet is noted once it is.
            if ids is not None:
                found[question.id] = ids
        return looked, found
