"""How the search index of the site is, for its administrators and for monitoring."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.core import outbox
from forum.core.i18n import decimal, gettext, ngettext
from forum.core.outbox import Backlog, Job
from forum.posts.models import Post
from forum.search.documents import visible_thread_count
from forum.search.engine import SearchEngine, SearchUnavailable
from forum.search.indexer import QUEUE
from forum.search.state import IndexState

FAILED_SHOWN = 20
"""Failed jobs on the page; they come from one cause more often than not."""


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A thread that could not be brought into the index, and why."""

    job_id: int
    thread_id: int
    title: str | None
    attempts: int
    error: str | None
    due_at: datetime


@dataclass(frozen=True, slots=True)
class IndexHealth:
    """The index beside the database: what it holds, what waits for it, what is wrong."""

    backlog: Backlog
    failed_count: int
    threads: int
    """Threads that everybody can see, in the database."""
    index: IndexState | None
    fault: str | None
    """Why the index can't be used, or why it must be built anew although it can."""


def load(session: Session, engine: SearchEngine) -> IndexHealth:
    """Read the state of the index; four statements, one of which counts the threads."""
    failed = select(func.count()).where(Job.queue == QUEUE, Job.last_error.is_not(None))
    try:
        index, fault = engine.state(), engine.needs_rebuild()
    except SearchUnavailable as error:
        index, fault = None, error.message
    return IndexHealth(
        backlog=outbox.backlog(session, QUEUE),
        failed_count=session.execute(failed).scalar_one(),
        threads=visible_thread_count(session),
        index=index,
        fault=None if fault is None else gettext(fault),
    )


def failed_jobs(session: Session) -> tuple[FailedJob, ...]:
    """Return the jobs that failed and wait for another attempt, the oldest `FAILED_SHOWN` first."""
    statement = (
        select(Job.id, Job.subject_id, Post.title, Job.attempts, Job.last_error, Job.due_at)
        .outerjoin(Post, Post.id == Job.subject_id)
        .where(Job.queue == QUEUE, Job.last_error.is_not(None))
        .order_by(Job.id)
        .limit(FAILED_SHOWN)
    )
    return tuple(FailedJob(*row) for row in session.execute(statement))


def duration(seconds: float) -> str:
    """Return a length of time in the largest unit of which it has two: 12 s, 5 min, 3 h, 2 days."""
    if seconds >= 2 * 86400:
        return ngettext("%(num)s day", "%(num)s days", round(seconds / 86400))
    if seconds >= 2 * 3600:
        return gettext("%(number)s h", number=round(seconds / 3600))
    if seconds >= 2 * 60:
        return gettext("%(number)s min", number=round(seconds / 60))
    return gettext("%(number)s s", number=round(seconds))


def size(count: int) -> str:
    """Return a number of bytes in the unit of which it has one to a thousand."""
    if count < 1000:
        return ngettext("%(num)s byte", "%(num)s bytes", count)
    if count < 1_000_000:
        return gettext("%(number)s kB", number=round(count / 1000))
    if count < 1_000_000_000:
        return gettext("%(number)s MB", number=round(count / 1_000_000))
    return gettext("%(number)s GB", number=decimal(count / 1_000_000_000))
