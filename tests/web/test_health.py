from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from forum.core import outbox
from forum.core.db import Database
from forum.posts.events import ThreadChanged
from forum.worker.heartbeat import Heartbeat
from tests.web.conftest import MakeApp

WELL = 200
FAILING = 503


@pytest.fixture
def worker(tmp_path: Path) -> Heartbeat:
    """The signs of life of the worker of this test's site."""
    return Heartbeat(tmp_path)


def test_it_is_well_when_the_database_answers_and_the_worker_lives(app: Flask, worker: Heartbeat) -> None:
    worker.beat()

    response = app.test_client().get("/healthz")

    assert response.status_code == WELL
    facts = response.json
    assert facts is not None
    assert facts["status"] == facts["database"] == "ok"
    assert facts["search"] == {"jobs": 0, "lag_seconds": 0.0}
    assert facts["worker"]["alive"] is True
    assert facts["worker"]["seen_seconds_ago"] < 5


def test_it_fails_without_a_worker(app: Flask, worker: Heartbeat) -> None:
    worker.beat()
    worker.stop()

    response = app.test_client().get("/healthz")

    assert response.status_code == FAILING
    assert response.json is not None
    assert response.json["status"] == "failing"
    assert response.json["worker"] == {"alive": False, "seen_seconds_ago": None}


def test_it_tells_how_much_waits_for_the_index(app: Flask, database: Database, worker: Heartbeat) -> None:
    worker.beat()
    with database.transaction() as session:
        outbox.emit(session, ThreadChanged(1), ThreadChanged(2))

    facts = app.test_client().get("/healthz").json

    assert facts is not None
    assert facts["search"]["jobs"] == 2
    assert 0 <= facts["search"]["lag_seconds"] < 30


def test_it_fails_when_the_database_does_not_answer(
    make_app: MakeApp, database: Database, worker: Heartbeat
) -> None:
    app = make_app(log_level="error")
    worker.beat()
    with database.writer.begin() as connection:
        connection.execute(text("ALTER TABLE job RENAME TO job_away"))
    try:
        response = app.test_client().get("/healthz")
    finally:
        with database.writer.begin() as connection:
            connection.execute(text("ALTER TABLE job_away RENAME TO job"))

    assert response.status_code == FAILING
    assert response.json is not None
    assert response.json["database"] == "failing"
    assert response.json["search"] == {"jobs": None, "lag_seconds": None}


def test_it_needs_no_session_and_tells_no_secret(app: Flask, worker: Heartbeat) -> None:
    worker.beat()

    response = app.test_client().get("/healthz")

    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    assert set(response.json or {}) == {"status", "database", "search", "worker"}
