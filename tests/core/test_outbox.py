from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

import forum.wiring
from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.outbox import Backlog, Claim, Job
from forum.posts.events import ThreadChanged

assert forum.wiring.metadata.tables
QUEUE = "search"


def put(database: Database, *subject_ids: int) -> None:
    with database.transaction() as session:
        outbox.emit(session, *map(ThreadChanged, subject_ids))


def take(database: Database, limit: int = 10) -> Claim:
    with database.transaction() as session:
        return outbox.claim(session, QUEUE, limit=limit)


def test_a_job_comes_with_the_commit_of_its_cause(database: Database) -> None:
    put(database, 42)

    assert take(database).subject_ids == (42,)


def test_no_job_is_left_of_what_was_rolled_back(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            outbox.emit(session, ThreadChanged(42))
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()

    assert take(database).job_ids == ()


def test_emitting_nothing_writes_nothing(database: Database) -> None:
    put(database)

    assert take(database) == Claim(job_ids=(), subject_ids=(), attempts=0)


def test_an_event_that_nobody_routed_is_a_defect(database: Database) -> None:
    with database.transaction() as session, pytest.raises(KeyError):
        outbox.emit(session, ThreadChanged(1, topic="unheard of"))


def test_claims_take_the_oldest_first_and_up_to_their_limit(database: Database) -> None:
    put(database, 1, 2, 3, 4, 5)

    assert take(database, 3).subject_ids == (1, 2, 3)
    assert take(database, 3).subject_ids == (4, 5)
    assert take(database, 3).subject_ids == ()


def test_jobs_of_one_subject_are_one_piece_of_work(database: Database) -> None:
    put(database, 7, 8, 7, 7)

    claimed = take(database)

    assert claimed.subject_ids == (7, 8)
    assert len(claimed.job_ids) == 4


def test_what_is_done_is_forgotten(database: Database) -> None:
    put(database, 1, 2)
    claimed = take(database, 1)
    with database.transaction() as session:
        outbox.complete(session, claimed)

    with database.reading() as session:
        assert session.scalars(select(Job.subject_id)).all() == [2]


def test_a_claim_that_expired_is_taken_again(database: Database) -> None:
    put(database, 1)
    with clock.frozen(clock.now()):
        take(database)
        assert take(database).subject_ids == ()
        later = clock.now() + outbox.CLAIM_EXPIRES + timedelta(seconds=1)

    with clock.frozen(later):
        assert take(database).subject_ids == (1,)


def test_what_failed_waits_ever_longer_and_keeps_its_error(database: Database) -> None:
    put(database, 1)
    now, pauses = clock.now() + timedelta(seconds=1), []
    for _ in range(14):
        with clock.frozen(now), database.transaction() as session:
            outbox.put_back(session, outbox.claim(session, QUEUE, limit=1), error="e" * 5000)
            job = session.execute(select(Job)).scalar_one()
            pauses.append((job.due_at - now).total_seconds())
            now = job.due_at

    assert pauses[:4] == [1, 2, 4, 8]
    assert pauses[-1] == outbox.LONGEST_WAIT.total_seconds()
    assert (job.attempts, len(job.last_error or "")) == (14, 1000)


def test_retrying_at_once_shortens_the_wait(database: Database) -> None:
    put(database, 1)
    with database.transaction() as session:
        outbox.put_back(session, outbox.claim(session, QUEUE, limit=1), error="no")
    assert take(database).subject_ids == ()

    with database.transaction() as session:
        outbox.retry_at_once(session, QUEUE)

    assert take(database).subject_ids == (1,)


def test_releasing_ends_the_claims_of_a_dead_worker(database: Database) -> None:
    put(database, 1)
    take(database)

    with database.transaction() as session:
        outbox.release(session, "another queue")
    assert take(database).subject_ids == ()

    with database.transaction() as session:
        outbox.release(session, QUEUE)
    assert take(database).subject_ids == (1,)


def test_workers_at_the_same_instant_share_no_job(database: Database) -> None:
    put(database, *range(200))

    def work(_number: int) -> list[int]:
        mine: list[int] = []
        while (claimed := take(database, 7)).job_ids:
            mine += claimed.job_ids
        return mine

    with ThreadPoolExecutor(4) as pool:
        taken = [job_id for ids in pool.map(work, range(4)) for job_id in ids]

    assert len(taken) == len(set(taken)) == 200


def test_the_backlog_is_the_number_of_jobs_and_the_age_of_the_oldest(database: Database) -> None:
    began = clock.now()
    with clock.frozen(began):
        put(database, 1)
    with clock.frozen(began + timedelta(seconds=5)):
        put(database, 2)

    with clock.frozen(began + timedelta(seconds=8)), database.reading() as session:
        assert outbox.backlog(session, QUEUE) == Backlog(jobs=2, seconds=8.0)
        assert outbox.backlog(session, "another queue") == Backlog(jobs=0, seconds=0.0)


def test_what_may_be_known_later_waits_for_its_time_and_is_not_late_until_then(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, wait = clock.now(), timedelta(seconds=30)
    monkeypatch.setattr(clock, "now", lambda: now)
    with database.transaction() as session:
        for _ in range(3):
            outbox.emit(session, ThreadChanged(42), after=wait)

    assert take(database).job_ids == ()
    monkeypatch.setattr(clock, "now", lambda: now + wait / 2)
    with database.reading() as session:
        assert outbox.backlog(session, QUEUE) == Backlog(jobs=3, seconds=0.0)
    monkeypatch.setattr(clock, "now", lambda: now + wait)
    taken = take(database)
    assert (len(taken.job_ids), taken.subject_ids) == (3, (42,))
