from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from forum.core import outbox
from forum.core.db import Database
from forum.core.outbox import Job
from forum.posts.events import ThreadChanged
from forum.search.indexer import QUEUE, Indexer
from forum.worker.heartbeat import Heartbeat
from forum.worker.rebuild_log import RebuildLog, Stage
from tests.factories import make_question
from tests.statements import recorded
from tests.web.conftest import MakeApp

TOKEN = "tell-me-how-you-are"
STATEMENTS = 4


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app(metrics_token=TOKEN)


def metrics(app: Flask) -> dict[str, float]:
    response = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    lines = response.text.splitlines()
    samples = dict(line.split(" ") for line in lines if not line.startswith("#"))
    for name in samples:
        assert f"# TYPE {name} gauge" in lines
        assert any(line.startswith(f"# HELP {name} ") for line in lines)
    return {name.removeprefix("askwell_"): float(value) for name, value in samples.items()}


def test_there_are_none_without_a_token(make_app: MakeApp) -> None:
    assert make_app().test_client().get("/metrics").status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer another-token-altogether", TOKEN, "Bearer ü"])
def test_they_are_for_those_who_know_the_token(app: Flask, given: str) -> None:
    headers = {"Authorization": given} if given else {}
    response = app.test_client().get("/metrics", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "askwell_" not in response.text


def test_they_tell_what_waits_and_what_the_index_holds(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    engine = app.extensions["askwell"].engine
    with database.transaction() as session:
        make_question(session)
    Indexer(database, engine).reindex()
    with database.transaction() as session:
        make_question(session)
        outbox.emit(session, ThreadChanged(1), ThreadChanged(2))
        session.execute(update(Job).where(Job.subject_id == 2).values(last_error="poison"))
    Heartbeat(tmp_path).beat()

    found = metrics(app)

    assert (found["search_queue_jobs"], found["search_failed_jobs"]) == (2, 1)
    assert 0 <= found["search_lag_seconds"] < 30
    assert (found["search_usable"], found["search_outdated"]) == (1, 0)
    assert (found["search_threads"], found["threads"]) == (1, 2)
    assert found["search_index_segments"] == 1
    assert 0 <= found["worker_seen_seconds"] < 30
    assert found["search_rebuild_running"] == 0
    assert "search_rebuilt_timestamp_seconds" not in found


def test_they_tell_of_a_site_without_index_and_worker(app: Flask) -> None:
    found = metrics(app)

    assert (found["search_usable"], found["search_outdated"]) == (0, 1)
    assert "search_threads" not in found
    assert "worker_seen_seconds" not in found


def test_they_tell_how_far_a_rebuild_is_and_when_it_was_done(app: Flask, tmp_path: Path) -> None:
    with RebuildLog(tmp_path).recording("It was asked for.") as recorder:
        recorder.note(Stage.FILLING, 0, 10)
        recorder.note(Stage.COMPARING, 3, 10)
        running = metrics(app)
    done = metrics(app)

    assert running["search_rebuild_running"] == 1
    assert (running["search_rebuild_threads_done"], running["search_rebuild_threads_total"]) == (3, 10)
    assert done["search_rebuild_running"] == 0
    assert done["search_rebuilt_timestamp_seconds"] > 1_700_000_000


def test_they_cost_four_statements(app: Flask, database: Database) -> None:
    with database.transaction() as session:
        outbox.emit(session, *(ThreadChanged(number) for number in range(20)))
    with recorded(database) as statements:
        assert metrics(app)[f"{QUEUE}_queue_jobs"] == 20
    assert len(statements) == STATEMENTS
