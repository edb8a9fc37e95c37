"""The administrators' page about the search index."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.outbox import Job
from forum.posts.events import ThreadChanged
from forum.search.indexer import QUEUE, Indexer
from forum.worker.heartbeat import Heartbeat
from forum.worker.rebuild_log import RebuildLog, Stage
from tests.factories import make_question
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import SignIn

PAGE = "/admin/search"
STATEMENTS = 6
"""One for who is looking, five for the page."""


@pytest.fixture
def admin(sign_in: SignIn) -> Browser:
    return sign_in("Ada", role="admin")


@pytest.fixture
def log(tmp_path: Path) -> RebuildLog:
    return RebuildLog(tmp_path)


def _fail(database: Database, number: int, *, error: str = "poison") -> None:
    with database.transaction() as session:
        for _ in range(number):
            question = make_question(session, title="Why does it beep?")
            outbox.emit(session, ThreadChanged(question.id))
        session.execute(update(Job).values(attempts=3, last_error=error))
        outbox.put_back(session, outbox.claim(session, QUEUE, limit=100), error=error)


def test_it_is_for_administrators(visitor: Browser, sign_in: SignIn) -> None:
    assert visitor.get(PAGE).status_code == 302
    moderator = sign_in("Mo", role="moderator")
    assert moderator.get(PAGE).status_code == 403
    assert PAGE not in moderator.get("/").text
    for action in ("retry", "rebuild"):
        assert moderator.post(f"{PAGE}/{action}").status_code == 403


def test_the_account_menu_leads_administrators_there(admin: Browser) -> None:
    assert f'href="{PAGE}"' in admin.get("/").text


def test_it_tells_that_there_is_no_index_and_no_worker(admin: Browser) -> None:
    page = admin.get(PAGE).text
    assert "The index lives in memory and is empty after a start." in page
    assert "No worker runs" in page
    assert "Every change reached the index" in page


def test_it_shows_figures_and_why_changes_failed(
    admin: Browser, app: Flask, database: Database, tmp_path: Path
) -> None:
    Heartbeat(tmp_path).beat()
    Indexer(database, app.extensions["askwell"].engine).reindex()
    _fail(database, 2, error="<b>poison</b>")

    page = admin.get(PAGE).text

    assert "No worker runs" not in page
    assert "<dt>Threads indexed</dt><dd>0</dd>" in page
    assert "<dt>Threads on the site</dt><dd>2</dd>" in page
    assert '<dt>Failed</dt><dd class="site-state-bad">2</dd>' in page
    assert page.count("&lt;b&gt;poison&lt;/b&gt;") == 2
    assert page.count("4 attempts") == 2


def test_failed_changes_can_be_tried_again_at_once(admin: Browser, database: Database) -> None:
    _fail(database, 1)
    answer = admin.post(f"{PAGE}/retry")
    assert (answer.status_code, answer.location) == (303, PAGE)
    with database.reading() as session:
        assert session.execute(select(Job.due_at)).scalar_one() <= clock.now()
    assert "tries again now" in admin.get(PAGE).text


def test_a_rebuild_can_be_asked_for(admin: Browser, log: RebuildLog, tmp_path: Path) -> None:
    Heartbeat(tmp_path).beat()
    assert admin.post(f"{PAGE}/rebuild").status_code == 303
    assert log.is_requested()
    page = admin.get(PAGE).text
    assert "in the background" in page
    assert "it begins as soon as the worker has time" in page
    assert f'action="{PAGE}/rebuild"' not in page


def test_without_a_worker_it_says_how_to_start_one(admin: Browser) -> None:
    admin.post(f"{PAGE}/rebuild")
    assert "Start one: askwell worker." in admin.get(PAGE).text


def test_it_shows_how_far_a_rebuild_is(admin: Browser, log: RebuildLog) -> None:
    with log.recording("It was asked for.") as recorder:
        recorder.note(Stage.FILLING, 0, 0)
        assert 'value="0" max="1"' in admin.get(PAGE).text
        recorder.note(Stage.COMPARING, 1_200, 5_000)
        page = admin.get(PAGE).text
    assert '<progress aria-labelledby="rebuild-stage" value="1200" max="5000">' in page
    assert "1,200 of 5,000 threads" in page
    assert f'action="{PAGE}/rebuild"' not in page
    assert "Last done" in admin.get(PAGE).text


def test_it_shows_what_interrupted_a_rebuild(admin: Browser, log: RebuildLog) -> None:
    def stop() -> None:
        with log.recording("It was asked for.") as recorder:
            recorder.note(Stage.FILLING, 40, 100)
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        stop()
    page = admin.get(PAGE).text
    assert "after 40 of 100 threads" in page
    assert "No space left on device" in page
    assert "Go on with it" in page


@pytest.mark.parametrize("failed", [1, 30])
def test_its_statements_are_as_many_for_one_failed_change_as_for_thirty(
    admin: Browser, database: Database, failed: int
) -> None:
    _fail(database, failed)
    with recorded(database) as statements:
        page = admin.get(PAGE)
    assert len(statements) == STATEMENTS
    assert page.text.count("4 attempts") == min(failed, 20)
    assert ("The oldest 20 of 30." in page.text) is (failed == 30)
    assert page.headers["Cache-Control"] == "no-store"
