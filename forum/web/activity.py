"""Views of questions and visits of people, counted in memory and written a few seconds later.

A GET must not write, and ten thousand readers of one question must not wait for each other. Each process
therefore keeps its counts for some seconds and then writes them in one transaction. What a killed process
had not yet written is lost, which for these two figures is fine; an orderly stop writes it.
"""

import atexit
import threading
import time
from collections import Counter, OrderedDict
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from forum.accounts import actions as accounts
from forum.core import clock
from forum.core.db import Database
from forum.posts.actions import viewing

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
        self._recent: OrderedDict[tuple[int, str], float] = OrderedDict()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def note_view(self, question_id: int, *, visitor: str) -> None:
        """Count a view, unless the same visitor looked at the question a short while ago."""
        now = time.monotonic()
        with self._lock:
            last = self._recent.pop((question_id, visitor), None)
            is_new = last is None or now - last > VIEW_COUNTS_AGAIN_AFTER
            self._recent[question_id, visitor] = now if last is None or is_new else last
            if len(self._recent) > REMEMBERED_VIEWS:
                self._recent.popitem(last=False)
            if is_new and (question_id in self._views or len(self._views) < PENDING_LIMIT):
                self._views[question_id] += 1
                self._start()

    def note_visit(self, user_id: int) -> None:
        """Remember that a person is here now."""
        with self._lock:
            if user_id in self._visits or len(self._visits) < PENDING_LIMIT:
                self._visits[user_id] = clock.now()
                self._start()

    def flush(self) -> None:
        """Write what was counted; keep it for the next attempt when the database does not answer."""
        with self._lock:
            views, self._views = self._views, Counter()
            visits, self._visits = self._visits, {}
        if not views and not visits:
            return
        try:
            with self._database.transaction() as session:
                viewing.count_views(session, views)
                accounts.touch(session, visits)
        except SQLAlchemyError as error:
            log.warning("views and visits not written yet", error=str(error))
            with self._lock:
                self._views.update(views)
                self._visits = {**visits, **self._visits}

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
