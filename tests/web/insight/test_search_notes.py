"""From the browser to the counts: what searching and opening results leaves behind."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from forum.core.db import Database
from forum.search.indexer import Indexer
from forum.searches.models import SearchDay, SearchText
from tests.factories import make_answer, make_question
from tests.web.browser import Browser

Counted = Callable[[], dict[str, tuple[int, int, int, int]]]


@pytest.fixture
def threads(app: Flask, database: Database) -> tuple[int, int]:
    """A solved and an open question about docks, which search finds."""
    with database.transaction() as session:
        solved = make_question(session, title="Dock loses network")
        make_answer(session, solved, accepted=True)
        unsolved = make_question(session, title="Dock beeps twice")
        ids = solved.id, unsolved.id
    Indexer(database, app.extensions["askwell"].engine).reindex()
    return ids


@pytest.fixture
def counted(app: Flask, database: Database) -> Counted:
    """Write what is pending, and tell the searches, empty, opened and solved of each text."""

    def write_and_read() -> dict[str, tuple[int, int, int, int]]:
        app.extensions["askwell"].activity.flush()
        with database.reading() as session:
            rows = session.scalars(select(SearchText)).all()
        return {
            row.text: (row.search_count, row.empty_count, row.opened_count, row.solved_count) for row in rows
        }

    return write_and_read


def open_from(browser: Browser, question_id: int, **search: object) -> None:
    """Follow a link of the page of results, as a browser does that sends where it comes from."""
    referrer = f"http://localhost/search?{urlencode(search)}"
    answered = browser.get(f"/questions/{question_id}", headers={"Referer": referrer}, follow_redirects=True)
    assert answered.status_code == 200


def test_searches_are_counted_and_reloads_and_pages_are_not(
    visitor: Browser, member: Browser, threads: tuple[int, int], counted: Counted
) -> None:
    for path in ("/search?q=Dock", "/search?q=dock+", "/search?q=dock&page=2", "/search?q=dock&sort=newest"):
        visitor.get(path)
    member.get("/search?q=dock")
    visitor.get("/search?q=zebra")
    visitor.get("/search?q=")
    visitor.client.head("/search?q=header")
    visitor.get("/search?q=foreseen", headers={"Sec-Purpose": "prefetch;prerender"})

    assert counted() == {"dock": (2, 0, 0, 0), "zebra": (1, 1, 0, 0)}


def test_opening_a_result_is_counted_with_whether_it_is_solved(
    visitor: Browser, member: Browser, threads: tuple[int, int], counted: Counted
) -> None:
    solved, unsolved = threads
    visitor.get("/search?q=dock")
    open_from(visitor, unsolved, q="dock", page=2)
    member.get("/search?q=Dock")
    open_from(member, unsolved, q="Dock")
    open_from(member, solved, q="Dock")
    open_from(member, solved, q="Dock")

    assert counted() == {"dock": (2, 0, 2, 1)}


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        "http://elsewhere.example/search?q=dock",
        "http://localhost/tags?q=dock",
        "http://localhost/search",
        "http://[localhost/search?q=dock",
        "http://localhost/search?" + "q=dock&" * 200,
    ],
)
def test_coming_from_elsewhere_opens_no_result(
    visitor: Browser, threads: tuple[int, int], counted: Counted, referrer: str
) -> None:
    visitor.get(f"/questions/{threads[0]}", headers={"Referer": referrer}, follow_redirects=True)

    assert counted() == {}


def test_nothing_that_is_written_tells_who_searched(
    member: Browser, threads: tuple[int, int], counted: Counted, database: Database
) -> None:
    member.get('/search?q=dock+user:"Mary Member"')
    member.get("/search?q=user:me")

    assert counted() == {"dock user:": (1, 1, 0, 0)}
    with database.reading() as session:
        (day,) = session.scalars(select(SearchDay)).all()
    assert day.search_count == 2


def test_searches_survive_a_database_that_does_not_answer(
    app: Flask,
    visitor: Browser,
    threads: tuple[int, int],
    counted: Counted,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    visitor.get("/search?q=dock")

    def fail() -> None:
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", fail)
        app.extensions["askwell"].activity.flush()

    assert counted() == {"dock": (1, 0, 0, 0)}
