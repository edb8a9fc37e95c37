"""Pages kept for visitors: given again while they are true, never afterwards, never to the wrong person."""

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from forum.core import clock, page_version
from forum.core.db import Database
from forum.posts.models import Post
from forum.web import page_cache, page_offers
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser
from tests.web.conftest import SignIn


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        return make_question(session, make_user(session), title="Why does it wait for so long?")


@pytest.fixture
def path(question: Post) -> str:
    return f"/questions/{question.id}/{question.slug}"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses of the pages that were made anew."""
    pages: list[str] = []
    make = page_offers._made

    def noting(view: page_offers.View, arguments: dict[str, object]) -> object:
        pages.append(view.__name__)
        return make(view, arguments)

    monkeypatch.setattr(page_offers, "_made", noting)
    return pages


def test_a_page_is_made_once_for_all_visitors(
    app: Flask, database: Database, path: str, made: list[str]
) -> None:
    first = Browser(app).get(path)
    with recorded(database) as statements:
        second = Browser(app).get(path)

    assert made == ["show"]
    assert second.text == first.text
    assert statements.sent == []
    assert second.headers["Cache-Control"] == "no-cache"


def test_a_write_ends_it_at_once(visitor: Browser, database: Database, path: str, question: Post) -> None:
    visitor.get(path)
    with database.transaction() as session:
        make_answer(session, session.get_one(Post, question.id), make_user(session), text="Wait for it.")

    assert "Wait for it." in visitor.get(path).text


def test_being_looked_at_does_not_end_it(
    app: Flask, visitor: Browser, database: Database, path: str, made: list[str]
) -> None:
    visitor.get(path)
    app.extensions["askwell"].activity.flush()
    visitor.get(path)

    assert made == ["show"]
    with database.reading() as session:
        assert session.get_one(Post, int(path.split("/")[2])).view_count == 1


def test_looks_at_kept_pages_are_counted(app: Flask, database: Database, path: str) -> None:
    for number in range(3):
        Browser(app).get(path, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
    app.extensions["askwell"].activity.flush()

    with database.reading() as session:
        assert session.get_one(Post, int(path.split("/")[2])).view_count == 3


def test_times_are_never_older_than_a_minute(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch, path: str, made: list[str]
) -> None:
    visitor.get(path)
    later = page_cache.time.monotonic() + page_cache.LONGEST + 1
    monkeypatch.setattr(page_cache.time, "monotonic", lambda: later)
    visitor.get(path)

    assert made == ["show", "show"]


def test_whoever_has_signed_in_gets_and_leaves_nothing_there(
    visitor: Browser, sign_in: SignIn, path: str, made: list[str]
) -> None:
    member = sign_in("Mary Member")
    visitor.get(path)
    own = member.get(path)
    again = visitor.get(path)

    assert "Mary Member" in own.text
    assert "Mary Member" not in again.text
    assert made == ["show", "show"]


def test_what_somebody_is_told_is_for_them_alone(visitor: Browser, app: Flask, path: str) -> None:
    visitor.get(path)
    with visitor.client.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "Only you can read this.")]

    assert "Only you can read this." in visitor.get(path).text
    assert "Only you can read this." not in Browser(app).get(path).text
    assert "Only you can read this." not in visitor.get(path).text


@pytest.mark.parametrize(
    ("cookie", "value", "mark"),
    [
        ("theme", "dark", 'data-theme="dark"'),
        ("language", "de", 'lang="de"'),
        ("keys", "on", 'data-behaviour="shortcuts"'),
    ],
)
def test_each_appearance_has_its_own(
    app: Flask, visitor: Browser, path: str, cookie: str, value: str, mark: str
) -> None:
    plain = Browser(app)
    plain.client.set_cookie("keys", "off")
    plain.get(path)
    visitor.client.set_cookie(cookie, value)

    assert mark in visitor.get(path).text
    assert mark not in plain.get(path).text


def test_other_pages_of_a_list_are_pages_of_their_own(visitor: Browser, question: Post) -> None:
    assert visitor.get("/questions?sort=newest").text != visitor.get("/questions?sort=votes").text


def test_it_is_compressed_for_those_who_can_read_that(visitor: Browser, path: str) -> None:
    for accepted, encoding in (
        ("gzip, br", "gzip"),
        ("", None),
        ("zstd;q=0, gzip", "gzip"),
        ("gzip, zstd", "zstd"),
    ):
        response = visitor.get(path, headers={"Accept-Encoding": accepted})
        assert response.headers.get("Content-Encoding") == encoding
        assert "Accept-Encoding" in response.headers["Vary"]
        assert int(response.headers["Content-Length"]) == len(response.data)


def test_whoever_has_it_already_is_told_so(visitor: Browser, database: Database, path: str) -> None:
    tag = visitor.get(path).headers["ETag"]
    unchanged = visitor.get(path, headers={"If-None-Match": tag})
    with database.transaction() as session:
        session.execute(update(Post).values(title="It waits no more", active_at=clock.now()))
    changed = visitor.get(path, headers={"If-None-Match": tag})

    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert (changed.status_code, "It waits no more" in changed.text) == (200, True)


def test_errors_and_redirects_are_not_kept(visitor: Browser, path: str, made: list[str]) -> None:
    for address in ("/questions/999/nothing", path + "-else"):
        visitor.get(address)
        visitor.get(address)

    assert made == ["show"] * 4


def test_a_database_that_can_not_tell_the_version_leaves_it_to_the_application(
    visitor: Browser, database: Database, path: str, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.get(path)
    monkeypatch.setattr(page_version, "TOTAL", "SELECT version FROM nowhere")
    with pytest.raises(SQLAlchemyError):
        database.page_version()

    again = visitor.get(path)

    assert (first.status_code, again.status_code) == (200, 200)
    assert made == ["show", "show"]
