from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from forum.app import create_app
from forum.core import readiness, schema
from forum.core.db import Database
from forum.core.maintenance import Maintenance
from forum.core.settings import Settings
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.worker.heartbeat import Heartbeat
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import MakeApp, SignIn

NOTE = "Back at <18:00>."
PATHS = ("/", "/questions", "/sign-in", "/nothing-here", "/users/1", "/robots.txt")


@pytest.fixture
def sign(tmp_path: Path) -> Maintenance:
    """The sign on the door of this test's site."""
    return Maintenance(tmp_path)


def _is_the_one_page(response: TestResponse) -> bool:
    return (
        response.status_code == 503
        and int(response.headers["Retry-After"]) > 0
        and response.headers["Cache-Control"] == "no-store"
        and "<h1>" in response.text
        and "Askwell" in response.text
        and 'icons.svg#askwell"/></svg>' in response.text
        and "Reload this page" in response.text
    )


def test_a_closed_site_answers_every_page_with_the_text_and_no_statement(
    visitor: Browser, member: Browser, database: Database, sign: Maintenance
) -> None:
    sign.begin(NOTE)

    with recorded(database) as statements:
        for path in PATHS:
            response = visitor.get(path)
            assert _is_the_one_page(response), path
            assert "Back at &lt;18:00&gt;." in response.text
    assert len(statements) == 0
    assert _is_the_one_page(member.get("/questions"))


def test_it_opens_again_without_a_restart(visitor: Browser, sign: Maintenance) -> None:
    sign.begin("")
    assert visitor.get("/questions").status_code == 503

    assert sign.end()
    assert visitor.get("/questions").status_code == 200
    assert not sign.end()


def test_health_and_files_go_on(app: Flask, visitor: Browser, sign: Maintenance, tmp_path: Path) -> None:
    Heartbeat(tmp_path).beat()
    sign.begin("")

    assert visitor.get("/healthz").status_code == 200
    assert visitor.get(app.jinja_env.globals["static_url"]("css/site.css")).status_code == 200


def test_scripts_and_programs_get_a_short_message(member: Browser, sign: Maintenance) -> None:
    token = member.token()
    sign.begin(NOTE)

    part = member.client.post("/posts/1/vote", data={"csrf_token": token}, headers={"HX-Request": "true"})
    uploaded = member.client.post("/images", data={"csrf_token": token})
    asked = member.get("/similar?title=x", headers={"Accept": "application/json"})

    assert (part.status_code, uploaded.status_code, asked.status_code) == (503, 503, 503)
    assert part.text.startswith('<div class="notice notice-error" role="alert">')
    for answer in (uploaded, asked):
        assert answer.json == {
            "error": f"The site will be back soon. Reload this page in a few minutes. {NOTE}"
        }


def test_whoever_sends_a_text_is_told_that_it_is_not_lost(member: Browser, sign: Maintenance) -> None:
    token = member.token()
    sign.begin("")

    response = member.client.post("/questions/ask", data={"csrf_token": token, "title": "Why?"})

    assert _is_the_one_page(response)
    assert "not lost" in response.text


def test_only_administrators_look_around_and_are_told_that_it_is_closed(
    sign_in: SignIn, sign: Maintenance
) -> None:
    administrator, moderator = sign_in(role="admin"), sign_in(role="moderator")
    sign.begin("")

    page = administrator.get("/questions")
    assert page.status_code == 200
    assert "closed for maintenance" in page.text
    assert moderator.get("/questions").status_code == 503
    sign.end()
    assert "closed for maintenance" not in administrator.get("/questions").text


def test_a_database_that_is_not_migrated_is_not_asked(
    make_app: MakeApp, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "PAUSE", 0)
    _name_revision(database, "0001")
    visitor = Browser(make_app())

    for path in PATHS:
        assert _is_the_one_page(visitor.get(path)), path
    assert "being updated" in visitor.get("/").text
    _name_revision(database, schema.newest_revision() or "")
    assert visitor.get("/").status_code == 200


def test_a_table_that_is_missing_all_at_once_closes_the_site(
    make_app: MakeApp, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    app.testing = False
    visitor = Browser(app)
    assert visitor.get("/help").status_code == 200
    _name_revision(database, "0001")
    with database.writer.begin() as connection:
        connection.execute(text("ALTER TABLE post RENAME TO post_away"))

    assert _is_the_one_page(visitor.get("/questions"))
    assert "being updated" in visitor.get("/help").text


def test_it_starts_without_a_database_and_says_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, log_level="error", database_url="postgresql://127.0.0.1:1/nothing")
    app = create_app(settings, engine=MemoryEngine(analyses_for("en")))
    visitor = Browser(app)

    for path in PATHS:
        assert _is_the_one_page(visitor.get(path)), path
    assert "database does not answer" in visitor.get("/").text
    health = visitor.get("/healthz")
    assert health.json is not None
    assert (health.status_code, health.json["database"]) == (503, "failing")
    app.extensions["askwell"].activity.close()


def test_a_sign_that_cannot_be_read_closes_the_site_too(visitor: Browser, tmp_path: Path) -> None:
    (tmp_path / "maintenance").mkdir()

    assert _is_the_one_page(visitor.get("/"))


def _name_revision(database: Database, revision: str) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
