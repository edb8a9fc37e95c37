"""Views, visits, what followers have seen, shared links and searches: kept in memory, written seconds later.

A GET must not write, and ten thousand readers of one question must not wait for each other. Each process
therefore keeps its counts for some seconds and then writes them in one transaction. What a killed process
had not yet written is lost, which for these figures is fine; an orderly stop writes it.
"""

import atexit
import threading
from collections import Counter
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from forum.accounts import actions as accounts
from forum.core import clock
from forum.core.db import Database
from forum.core.memory import give_back
from forum.follows import actions as follows
from forum.posts.actions import viewing
from forum.searches import actions as searches
from forum.shares import actions as shares
from forum.web.lately import Lately
from forum.web.pending_searches import PendingSearches

VIEW_COUNTS_AGAIN_AFTER = 15 * 60
"""Seconds for which a further look of the same visitor at the same question is no new view."""
REMEMBERED_VIEWS = 50_000
"""How many views are remembered at most, in each process, to tell new ones from repeated ones."""
PENDING_LIMIT = 20_000
"""How many different questions and people may wait to be written; beyond it, further ones are not counted."""

log = structlog.get_logger(__name__)


class Activity:
    """Counts of one process, and the thread that writes them."""

    def __init__(self, database: Database, *, interval: float = 5.0) -> None:
        """Write to `database` every `interval` seconds once there is something to write."""
        self._database = database
        self._interval = interval
        self._lock = threading.Lock()
        self._views: Counter[int] = Counter()
        self._visits: dict[int, datetime] = {}
        self._seen: dict[tuple[int, int], datetime] = {}
        self._shared: dict[tuple[int, int], set[int]] = {}
        self._searches = PendingSearches()
        self._lately: Lately[tuple[int, str]] = Lately(
            seconds=VIEW_COUNTS_AGAIN_AFTER, limit=REMEMBERED_VIEWS
        )
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def note_view(self, question_id: int, *, visitor: str) -> None:
        """Count a view, unless the same visitor looked at the question a short while ago."""
        with self._lock:
            is_new = self._lately.is_new((question_id, visitor))
            if is_new and (question_id in self._views or len(self._views) < PENDING_LIMIT):
                self._views[question_id] += 1
                self._start()

    def note_visit(self, user_id: int) -> None:
        """Remember that a person is here now."""
        with self._lock:
            if user_id in self._visits or len(self._visits) < PENDING_LIMIT:
                self._visits[user_id] = clock.now()
                self._start()

    def note_seen(self, user_id: int, question_id: int, *, until: datetime) -> None:
        """Remember that somebody who follows a question has seen what happened there up to a moment."""
        with self._lock:
            if (user_id, question_id) in self._seen or len(self._seen) < PENDING_LIMIT:
                self._seen[user_id, question_id] = until
                self._start()

    def seen_by(self, user_id: int) -> dict[int, datetime]:
        """Return up to when a person has seen questions that they follow, as far as it is not written yet."""
        with self._lock:
            return {question: until for (person, question), until in self._seen.items() if person == user_id}

    def note_shared(self, post_id: int, sharer_id: int, *, place: int) -> None:
        """Remember that a visitor came by somebody's link to a post; `place` is where its bit is."""
        with self._lock:
            if (post_id, sharer_id) in self._shared or len(self._shared) < PENDING_LIMIT:
                self._shared.setdefault((post_id, sharer_id), set()).add(place)
                self._start()

    def note_search(self, typed: str, *, visitor: str, results: int, relaxed: bool) -> None:
        """Count a search that found `results` threads, unless the visitor made the same a short while ago."""
        with self._lock:
            if self._searches.add_search(typed, visitor=visitor, results=results, relaxed=relaxed):
                self._start()

    def note_opened(self, typed: str, *, visitor: str, is_solved: bool) -> None:
        """Count that a thread was opened from the results of a search."""
        with self._lock:
            if self._searches.add_opened(typed, visitor=visitor, is_solved=is_solved):
                self._start()

    def flush(self) -> None:
        """Write what was counted; keep it for the next attempt when the database does not answer."""
        with self._lock:
            views, self._views = self._views, Counter()
            visits, self._visits = self._visits, {}
            seen, self._seen = self._seen, {}
            shared, self._shared = self._shared, {}
            searched = self._searches.take()
        if not (views or visits or seen or shared or searched):
            return
        try:
            with self._database.transaction() as session:
                viewing.count_views(session, views)
                accounts.touch(session, visits)
                follows.note_seen(session, seen)
                shares.count_visitors(session, shared)
                searches.count_searches(session, searched)
        except SQLAlchemyError as error:
            log.warning(
                "views, visits, what was seen, shared links and searches not written yet", error=str(error)
            )
            with self._lock:
                self._views.update(views)
                self._visits = {**visits, **self._visits}
                self._seen = {**seen, **self._seen}
                for link, places in shared.items():
                    self._shared.setdefault(link, set()).update(places)
                self._searches.put_back(searched)

    def close(self) -> None:
        """Stop the thread and write the rest."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=10)
        atexit.unregister(self.close)
        self.flush()

    def _start(self) -> None:
        if self._thread is None:
            # At first use and not at once: a server may fork its workers from a process with this app.
            self._thread = threading.Thread(target=self._run, name="activity", daemon=True)
            self._thread.start()
            atexit.register(self.close)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self.flush()
            # What requests have let go of meanwhile, too: no other thread comes by now and then.
            give_back()
