"""The page of search results."""

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from forum.core.db import Database
from forum.search.engine import Hits, SearchQuery, SearchUnavailable
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.searches.models import SearchText
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser
from tests.web.conftest import SignIn


@pytest.fixture
def index(app: Flask, database: Database) -> Callable[[], None]:
    """Bring the index of the application up to date."""

    def bring_up_to_date() -> None:
        Indexer(database, app.extensions["askwell"].engine).reindex()

    return bring_up_to_date


@pytest.fixture
def question_id(database: Database, index: Callable[[], None]) -> int:
    """A question about a dock, answered and found by search."""
    with database.transaction() as session:
        question = make_question(session, title="Dock loses <i>network</i>", tags=("docks",))
        make_answer(session, question, text="Disable selective suspend.", accepted=True)
        made = question.id
    index()
    return made


def test_what_matched_is_marked_and_leads_to_the_answer(visitor: Browser, question_id: int) -> None:
    page = visitor.get("/search?q=selective")

    assert page.status_code == 200
    assert "1 result" in page.text
    assert "<mark>selective</mark>" in page.text
    assert f"/questions/{question_id}/dock-loses-i-network-i#answer-" in page.text
    assert 'href="/tags/docks"' in page.text


def test_titles_and_queries_are_escaped(visitor: Browser, question_id: int) -> None:
    page = visitor.get("/search", query_string={"q": "<script>alert(1)</script> network"})

    assert "<script>alert" not in page.text
    assert "<i>network</i>" not in page.text
    assert "Dock loses <i>network</i>" in unescape(page.text)


def test_an_empty_search_explains_how_to_search(visitor: Browser, question_id: int) -> None:
    page = visitor.get("/search")

    assert page.status_code == 200
    assert "/help/searching" in page.text


def test_a_search_without_results_offers_to_ask(visitor: Browser, question_id: int) -> None:
    page = visitor.get("/search", query_string={"q": "[docks] firefly is:question"})

    assert page.status_code == 200
    assert "/questions/ask?title=firefly" in page.text


def test_what_was_ignored_is_told(visitor: Browser, question_id: int) -> None:
    page = visitor.get("/search", query_string={"q": "network score:many"})

    assert "score:" in page.text
    assert "was searched for as" in unescape(page.text)


def test_one_s_own_posts_are_found(sign_in: SignIn, database: Database, index: Callable[[], None]) -> None:
    me = sign_in("Mary Member")
    with database.transaction() as session:
        other = make_user(session, "Other")
        make_question(session, other, title="Asked by somebody else")
    me.post(
        "/questions/ask",
        title="Asked by nobody but me",
        source="What I would like to know, told at length.",
        tags="docks",
    )
    index()

    page = me.get("/search?q=user:me")

    assert "Asked by nobody but me" in page.text
    assert "Asked by somebody else" not in page.text


def test_sorts_and_pages_keep_the_query(
    visitor: Browser, database: Database, index: Callable[[], None]
) -> None:
    with database.transaction() as session:
        for number in range(20):
            make_question(session, title=f"Fan number {number} is loud")
    index()

    page = visitor.get("/search?q=loud+fan&sort=newest")

    assert "20 results" in page.text
    assert "/search?page=2&q=loud+fan&sort=newest" in unescape(page.text)
    assert "Fan number 4 is loud" in visitor.get("/search?q=loud+fan&sort=newest&page=2").text


@pytest.mark.parametrize("number", ["2", "0", "-1", "x", "99999999999999999999"])
def test_pages_that_are_not_there_are_not_found(visitor: Browser, question_id: int, number: str) -> None:
    assert visitor.get(f"/search?q=network&page={number}").status_code == 404


def test_an_unknown_sort_is_the_usual_one(visitor: Browser, question_id: int) -> None:
    assert visitor.get("/search?q=network&sort=colour").status_code == 200


@pytest.mark.parametrize("query", ["%00", "%ff%fe", '"', "(((", "a:b:c", "*", "%F0%9F%92%A9", "-" * 300])
def test_no_query_breaks_the_page(visitor: Browser, question_id: int, query: str) -> None:
    assert visitor.get(f"/search?q={query}").status_code in {200, 400}


def test_without_an_index_the_page_says_so(
    sign_in: SignIn, question_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_engine: MemoryEngine, _query: SearchQuery) -> Hits:
        raise SearchUnavailable("There is no search index yet.")

    monkeypatch.setattr(MemoryEngine, "search", away)
    page = sign_in().get("/search?q=network")

    assert page.status_code == 503
    assert page.headers["Retry-After"]
    assert "not available" in page.text
    assert "There is no search index yet." not in page.text
    assert "There is no search index yet." in sign_in(role="admin").get("/search?q=network").text


def test_visitors_share_a_page_of_results_and_each_is_counted(
    app: Flask, database: Database, question_id: int
) -> None:
    pages = [
        Browser(app).get("/search?q=selective", environ_base={"REMOTE_ADDR": address}).text
        for address in ("192.0.2.1", "192.0.2.2")
    ]
    app.extensions["askwell"].activity.flush()

    assert pages[1] == pages[0]
    with database.reading() as session:
        assert session.scalar(select(SearchText.search_count)) == 2


def test_a_kept_page_of_results_ends_when_the_index_learns_of_more(
    visitor: Browser, database: Database, question_id: int, index: Callable[[], None]
) -> None:
    assert "1 result" in visitor.get("/search?q=network").text
    with database.transaction() as session:
        make_question(session, title="Another network")
    index()

    assert "2 results" in visitor.get("/search?q=network").text
