"""What must happen after a commit, written in the same transaction as its cause.

`emit` puts one job row per consumer of an event beside the change itself: either both are committed or
neither, so no update of the index is lost when the process dies in between, and none is made for
a change that was rolled back. Jobs name things by id and carry no content; a consumer looks at the
present state and makes its side agree, so neither order nor repetition matters.

Don't read this table by "all rows above the last id I saw": on PostgreSQL ids become visible out of
order, and the late one would be skipped.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    String,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core import clock
from forum.core.page_version import UNSEEN_TABLE
from forum.core.sending import send
from forum.core.tables import Base, one_or_many

CLAIM_EXPIRES = timedelta(minutes=5)
"""After this time a claimed job is taken to belong to a worker that died."""
LONGEST_WAIT = timedelta(hours=1)
"""The longest pause between two attempts of a failing job; the first is one second, each next one doubles."""


class Event(Protocol):
    """A fact that consumers may want to know of: its kind, and the id of the thing that it is about."""

    @property
    def topic(self) -> str:
        """The kind of event, the key of `routes`."""

    @property
    def subject_id(self) -> int:
        """The id of what changed."""


routes: dict[str, tuple[str, ...]] = {}
"""Which queues hear of which kind of event; filled once by `forum.wiring`."""


class Job(Base):
    """A piece of work for one queue about one thing, named by its id."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_queue_due_at", "queue", "due_at"),
        UNSEEN_TABLE,
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    queue: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]


# The plain table: the ORM's bulk insert costs several times as much, and every write does this.
_jobs = Base.metadata.tables[Job.__tablename__]
_ADD = insert(_jobs).inline()
_DUE = (
    select(_jobs.c.id)
    .where(
        _jobs.c.queue == bindparam("of_queue"),
        _jobs.c.due_at <= bindparam("now"),
        or_(_jobs.c.claimed_until.is_(None), _jobs.c.claimed_until < bindparam("now")),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """Jobs that one worker has taken until its claim expires."""

    job_ids: tuple[int, ...]
    subject_ids: tuple[int, ...]
    attempts: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much work waits in a queue, and for how many seconds its oldest piece has."""

    jobs: int
    seconds: float


def emit(session: Session, *events: Event, after: timedelta = timedelta()) -> None:
    """Write the jobs that the events cause, in the caller's transaction.

    What may be known a little later is due only `after` a time, so that many such events of one thing are
    one piece of work; until then it is not counted as late.
    """
    due_at = clock.now() + after
    rows = [
        {"queue": queue, "subject_id": event.subject_id, "created_at": due_at, "due_at": due_at}
        for event in events
        for queue in routes[event.topic]
    ]
    if rows:
        send(session, _ADD, one_or_many(rows))


def is_due(session: Session, queue: str) -> bool:
    """Tell whether a queue has a job that may be claimed now; takes no lock."""
    values = {"of_queue": queue, "now": clock.now()}
    return session.connection().execute(_DUE, values).first() is not None


def claim(session: Session, queue: str, *, limit: int) -> Claim:
    """Take up to `limit` due jobs of a queue, so that no other worker takes them before the claim expires."""
    now = clock.now()
    free = or_(Job.claimed_until.is_(None), Job.claimed_until < now)
    due = (
        select(Job.id, Job.subject_id, Job.attempts)
        .where(Job.queue == queue, Job.due_at <= now, free)
        .order_by(Job.due_at, Job.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(due).all()
    ids = tuple(row.id for row in rows)
    if ids:
        session.execute(update(Job).where(Job.id.in_(ids)).values(claimed_until=now + CLAIM_EXPIRES))
    subjects = tuple(dict.fromkeys(row.subject_id for row in rows))
    return Claim(job_ids=ids, subject_ids=subjects, attempts=max((row.attempts for row in rows), default=0))


def complete(session: Session, done: Claim) -> None:
    """Forget the jobs of a claim, as their work is done."""
    session.execute(delete(Job).where(Job.id.in_(done.job_ids)))


def put_back(session: Session, failed: Claim, *, error: str) -> None:
    """Return the jobs of a claim to the queue, due again after a pause that grows with each attempt."""
    pause = min(timedelta(seconds=2 ** min(failed.attempts, 12)), LONGEST_WAIT)
    session.execute(
        update(Job)
        .where(Job.id.in_(failed.job_ids))
        .values(
            claimed_until=None, attempts=Job.attempts + 1, due_at=clock.now() + pause, last_error=error[:1000]
        )
    )


def release(session: Session, queue: str) -> None:
    """End all claims of a queue; only for a worker that knows itself to be the queue's only one."""
    session.execute(
        update(Job).where(Job.queue == queue, Job.claimed_until.is_not(None)).values(claimed_until=None)
    )


def retry_at_once(session: Session, queue: str) -> None:
    """Let the jobs of a queue be taken now that wait for their time, or after a failure."""
    now = clock.now()
    session.execute(update(Job).where(Job.queue == queue, Job.due_at > now).values(due_at=now))


def backlog(session: Session, queue: str) -> Backlog:
    """Count the jobs that wait in a queue and tell how long the oldest has."""
    oldest = session.scalar(select(func.min(Job.created_at)).where(Job.queue == queue))
    if oldest is None:
        return Backlog(jobs=0, seconds=0.0)
    jobs = session.execute(select(func.count()).where(Job.queue == queue)).scalar_one()
    return Backlog(jobs=jobs, seconds=max(0.0, (clock.now() - oldest).total_seconds()))
