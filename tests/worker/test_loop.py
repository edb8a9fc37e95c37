import shutil
import sys
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from forum.accounts.actions import issue_link, open_session
from forum.accounts.models import LoginSession, OneTimeLink
from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.outbox import Job
from forum.core.rate_limits import RateLimits, RateLimitWindow
from forum.drafts.actions import Writer, save
from forum.drafts.models import Draft
from forum.drafts.rules import Kind, Place, Wording
from forum.images.storage import Folder
from forum.posts.actions.asking import ask
from forum.posts.actions.deleting import delete_post
from forum.search.engine import SearchEngine, SearchUnavailable
from forum.search.indexer import QUEUE
from forum.worker import loop
from forum.worker.heartbeat import Heartbeat
from forum.worker.housekeeping import sweep
from forum.worker.standing_by import only_worker
from tests.reputation.ledgers import join
from tests.worker.at_work import wait_until, working

TEXT = "It beeps twice, and then nothing happens."


@pytest.fixture
def asker(database: Database) -> Actor:
    with database.transaction() as session:
        return join(session, 1)[0]


def put_question(database: Database, asker: Actor) -> int:
    with database.transaction() as session:
        return ask(session, asker, title="Why does it beep?", source=TEXT, tags=["beeps"]).question_id


def indexed(engine: SearchEngine) -> set[int]:
    try:
        return set(engine.thread_ids())
    except SearchUnavailable:
        return set()


def open_jobs(database: Database) -> int:
    with database.reading() as session:
        return outbox.backlog(session, QUEUE).jobs


def test_a_post_is_in_the_index_within_two_seconds(
    database: Database, engine: SearchEngine, data_dir: Path, asker: Actor
) -> None:
    with working(database, engine, data_dir):
        wait_until(lambda: engine.needs_rebuild() is None)
        question_id = put_question(database, asker)
        seconds = wait_until(lambda: question_id in indexed(engine))

    assert seconds < 2
    assert open_jobs(database) == 0


def test_a_deleted_question_leaves_the_index(
    database: Database, engine: SearchEngine, data_dir: Path, asker: Actor
) -> None:
    question_id = put_question(database, asker)
    with working(database, engine, data_dir):
        wait_until(lambda: question_id in indexed(engine))
        with database.transaction() as session:
            delete_post(session, asker, question_id)

        wait_until(lambda: question_id not in indexed(engine))


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells what a process has mapped.")
def test_a_worker_at_rest_has_nothing_mapped_and_works_on(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    asker: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "REST_SECONDS", 0.1)
    with working(database, engine, data_dir):
        for _ in range(2):
            question_id = put_question(database, asker)
            wait_until(lambda wanted=question_id: wanted in indexed(engine) and not open_jobs(database))
            wait_until(lambda: str(data_dir / "search") not in Path("/proc/self/maps").read_text())


def test_it_takes_at_once_what_a_dead_worker_had_claimed(
    database: Database, engine: SearchEngine, data_dir: Path, asker: Actor
) -> None:
    with working(database, engine, data_dir):
        wait_until(lambda: engine.needs_rebuild() is None)
    question_id = put_question(database, asker)
    with database.transaction() as session:
        assert outbox.claim(session, QUEUE, limit=10).subject_ids == (question_id,)

    with working(database, engine, data_dir):
        wait_until(lambda: question_id in indexed(engine))


def test_it_rebuilds_an_index_that_vanishes_while_it_runs(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    asker: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "EXAMINE_SECONDS", 0.1)
    question_id = put_question(database, asker)
    with working(database, engine, data_dir):
        wait_until(lambda: question_id in indexed(engine) and not open_jobs(database))
        shutil.rmtree(data_dir / "search")

        wait_until(lambda: question_id in indexed(engine))


def test_a_second_worker_stands_by_until_the_first_ends(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    asker: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "STANDING_BY_SECONDS", 0.05)
    question_id = put_question(database, asker)
    with ExitStack() as first:
        assert first.enter_context(only_worker(data_dir))
        with working(database, engine, data_dir):
            time.sleep(0.5)
            assert indexed(engine) == set()
            first.close()
            wait_until(lambda: question_id in indexed(engine))


class _FailsAtFirst:
    """The engine on disk, with a disk that is full for a moment."""

    def __init__(self, engine: SearchEngine, *, failures: int) -> None:
        self._engine = engine
        self._left = failures

    def __getattr__(self, name: str) -> object:
        if name == "index" and self._left:
            self._left -= 1
            raise SearchUnavailable("No space left on device")
        return getattr(self._engine, name)


def test_it_tries_again_after_a_failure(
    database: Database, engine: SearchEngine, data_dir: Path, asker: Actor
) -> None:
    with working(database, engine, data_dir):
        wait_until(lambda: engine.needs_rebuild() is None)
    question_id = put_question(database, asker)
    # It passes all calls on, which no type can tell.
    failing: Any = _FailsAtFirst(engine, failures=2)

    with working(database, failing, data_dir):
        wait_until(lambda: question_id in indexed(engine))
        wait_until(lambda: open_jobs(database) == 0)


def test_it_gives_signs_of_life_until_it_ends(
    database: Database, engine: SearchEngine, data_dir: Path
) -> None:
    heartbeat = Heartbeat(data_dir)

    assert heartbeat.seconds_ago() is None
    with working(database, engine, data_dir):
        wait_until(lambda: heartbeat.seconds_ago() is not None)
        assert (heartbeat.seconds_ago() or 0) < 10
    assert heartbeat.seconds_ago() is None


def test_a_job_that_has_failed_waits_longer_each_time(database: Database, asker: Actor) -> None:
    put_question(database, asker)
    pauses = []
    for _ in range(3):
        with database.transaction() as session:
            session.execute(update(Job).values(due_at=clock.now()))
            outbox.put_back(session, outbox.claim(session, QUEUE, limit=10), error="no")
            due_at = session.execute(select(Job.due_at)).scalar_one()
            pauses.append(round((due_at - clock.now()).total_seconds()))

    assert pauses == [1, 2, 4]


def test_it_sweeps_away_what_is_over(database: Database, asker: Actor, tmp_path: Path) -> None:
    long_ago = clock.now() - timedelta(days=400)
    with clock.frozen(long_ago), database.transaction() as session:
        open_session(session, asker.id)
        issue_link(session, purpose="first-admin")
    with database.transaction() as session:
        open_session(session, asker.id)
        issue_link(session, purpose="claim", user_id=asker.id)
    RateLimits(database).count("5 per hour", "somebody", message="Wait.")
    RateLimits(database).count("5 per hour", "somebody else", message="Wait.")
    with database.transaction() as session:
        session.execute(update(RateLimitWindow).where(RateLimitWindow.key.contains("else")).values(ends_at=1))

    for moment in (long_ago, clock.now()):
        place = Place(Kind.ANSWER, put_question(database, asker))
        with clock.frozen(moment), database.transaction() as session:
            save(session, asker, place, Wording(source=TEXT), writer=Writer("form"))

    sweep(database, Folder(tmp_path / "images"))

    with database.reading() as session:
        assert len(session.scalars(select(Draft)).all()) == 1
        assert len(session.scalars(select(LoginSession)).all()) == 1
        assert len(session.scalars(select(OneTimeLink)).all()) == 1
        assert len(session.scalars(select(RateLimitWindow)).all()) == 1
