"""Work that should have been done after a commit and was not."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.checks.differences import Difference
from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.outbox import Job
from forum.search.indexer import QUEUE

OVERDUE_AFTER = timedelta(hours=1)
"""A worker needs seconds; a job this old has met no worker, or one that fails each time."""


class Jobs:
    """The outbox."""

    name = "jobs"

    def __init__(self, do: Callable[[], object]) -> None:
        """Take what does the waiting jobs, or leaves them to a worker that runs."""
        self._do = do

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield the jobs that have waited for too long."""
        overdue = select(Job).where(Job.created_at < clock.now() - OVERDUE_AFTER).order_by(Job.id)
        for job in session.scalars(overdue, execution_options={"yield_per": 1_000}):
            reason = job.last_error or "no worker took it"
            found = (
                f"waiting since {job.created_at:%Y-%m-%d %H:%M} UTC after {job.attempts} attempts: {reason}"
            )
            yield Difference(f"job.{job.queue}", job.id, f"done for {job.subject_id}", found)

    def repair(self, database: Database) -> None:
        """Let the jobs that failed be taken at once, and do them."""
        with database.transaction() as session:
            outbox.retry_at_once(session, QUEUE)
        self._do()
