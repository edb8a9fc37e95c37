"""Looking for what newly matches people's saved searches, and keeping the count of it.

The saved searches are gone over in rounds, in the order of their ids and a portion at a time, so that a site
with many of them keeps no post waiting for the index. The place in the round is in the database: a
worker that starts goes on where the last one ended. A round begins at most once a minute, and only when
something was indexed since the one before.

A look covers what was written since the last one. It ends before the oldest change that still waits for the
index, so looks overlap rather than leave a gap; what was noted before is not noted again.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from forum.core import clock, outbox
from forum.core.db import Database
from forum.saved_searches import actions, queries, rules
from forum.saved_searches.queries import Watched
from forum.search.engine import (
    MAX_LIMIT,
    Hit,
    Kind,
    Moment,
    SearchEngine,
    SearchQuery,
    SearchUnavailable,
    Sort,
    TimeRange,
)
from forum.search.indexer import QUEUE
from forum.search.syntax import parse

ROUND_SECONDS = 60.0
"""The least time between the beginnings of two rounds."""
PORTION = 20
"""Saved searches that are looked for in one turn of the worker."""
PORTION_SECONDS = 0.5
"""After so long a portion ends early: a post is to be found two seconds after it was written."""

log = structlog.get_logger(__name__)


class Watching:
    """Goes over the saved searches of a site; several may do so at the same time and note a match once."""

    def __init__(self, database: Database, engine: SearchEngine) -> None:
        self._database = database
        self._engine = engine
        # What was indexed before this process started may not have been looked through.
        self._is_due = True
        self._is_under_way = False
        self._next_round_at = 0.0

    def turn(self, *, indexed: int) -> int:
        """Look for a portion of the saved searches if a round is due, and return how many were looked for.

        `indexed` is how many changes have just come into the index. Raises SearchUnavailable without one.
        """
        self._is_due = self._is_due or indexed > 0
        if not self._is_under_way:
            now = time.monotonic()
            if not self._is_due or now < self._next_round_at:
                return 0
            self._begin_round()
            self._next_round_at = now + ROUND_SECONDS
        return self._portion()

    def begin_soon(self) -> None:
        """Let a round follow although `turn` was told of no change, because a rebuild brought some in."""
        self._is_due = True

    def _begin_round(self) -> None:
        with self._database.reading() as session:
            # Who goes on with another's round owes one to those who came before this place.
            self._is_due = queries.position(session) > 0
        self._is_under_way = True

    def _portion(self) -> int:
        with self._database.reading() as session:
            place = queries.position(session)
            watched = queries.next_watched(session, after=place, limit=PORTION)
            lag = timedelta(seconds=outbox.backlog(session, QUEUE).seconds)
            until = rules.looked_until(now=clock.now(), lag=lag)
        looked = [search.id for search in self._look_for_each(watched)]
        is_last = len(looked) == len(watched) < PORTION
        if looked or place:
            with self._database.transaction() as session:
                actions.withdraw_deleted(session, looked)
                actions.note_looked(session, looked, until=until)
                actions.move_position(session, of=place, to=0 if is_last else looked[-1])
        self._is_under_way = not is_last
        return len(looked)

    def _look_for_each(self, watched: Collection[Watched]) -> list[Watched]:
        """Look for the searches one after the other until the time is up; at least for the first."""
        ends_at = time.monotonic() + PORTION_SECONDS
        looked: list[Watched] = []
        for search in watched:
            if looked and time.monotonic() >= ends_at:
                break
            try:
                self._look(search)
            except SearchUnavailable:
                raise
            except Exception:
                # One search that can't be looked for must not keep all others from it.
                log.exception("saved search failed", saved_search=search.id)
            looked.append(search)
        return looked

    def _look(self, search: Watched) -> None:
        if not search.notifies:
            return
        query = parse(search.text, me=search.user_id, sort=Sort.ACTIVE, limit=MAX_LIMIT)
        hits = self._hits_since(query, search.looked_until)
        if not hits:
            return
        with self._database.reading() as session:
            found = _new_ones(session, query.kind, hits, since=search.looked_until)
        if found:
            with self._database.transaction() as session:
                actions.note_matches(session, search.id, found)

    def _hits_since(self, query: SearchQuery, since: datetime) -> list[Hit]:
        """Return what holds the whole query among the threads or answers of late, as far as it is kept."""
        moment = Moment.ACTIVE if query.kind is Kind.ANY else Moment.CREATED
        late = replace(query, clauses=(*query.clauses, TimeRange(moment, since=since)))
        hits: list[Hit] = []
        for page in range(1, rules.MOST_MATCHES // MAX_LIMIT + 1):
            found = self._engine.search(replace(late, page=page))
            if found.relaxed:
                return []
            hits.extend(found.hits)
            if len(hits) >= found.total:
                break
        # Of a query of which nothing can be looked up, such as stop words, only the time would be left.
        return hits if hits and self._finds_something(query) else []

    def _finds_something(self, query: SearchQuery) -> bool:
        found = self._engine.search(replace(query, limit=1))
        return bool(found.total) and not found.relaxed


def _new_ones(session: Session, kind: Kind, hits: Collection[Hit], *, since: datetime) -> Mapping[int, int]:
    """Return the visible threads of the hits that were asked or answered since, with their latest posts.

    The index sorts by activity, which an edit is too; and it may lag behind a deletion.
    """
    if kind is Kind.ANY:
        return queries.fresh_threads(session, {hit.thread_id for hit in hits}, since=since)
    posts = {hit.post_id if kind is Kind.ANSWER and hit.post_id else hit.thread_id for hit in hits}
    return queries.fresh_posts(session, posts, since=since)
