"""What is offered while somebody types a search, and searching within a tag or somebody's posts."""

from collections.abc import Callable

import pytest
from flask import Flask

from forum.core import clock
from forum.core.db import Database
from forum.posts.models import Post
from forum.search.engine import SearchUnavailable, SimilarQuery
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded
from tests.web.browser import Browser


@pytest.fixture
def ids(app: Flask, database: Database) -> dict[str, int]:
    """Two questions about docks, of which one is solved, and two people; all indexed."""
    with database.transaction() as session:
        ada = make_user(session, "Ada Dockwright")
        solved = make_question(session, ada, title="Dock loses network after suspend", tags=("docks",))
        make_answer(session, solved, text="Disable selective suspend.", accepted=True)
        open_one = make_question(session, title="Dock hums loudly", tags=("docks", "noise"))
        made = {"solved": solved.id, "open": open_one.id, "ada": ada.id}
    Indexer(database, app.extensions["askwell"].engine).reindex()
    return made


@pytest.fixture
def typed(visitor: Browser) -> Callable[[str], dict[str, list[dict[str, object]]]]:
    """Return what is offered for what was typed."""

    def ask(text: str) -> dict[str, list[dict[str, object]]]:
        response = visitor.get("/search/suggestions", query_string={"q": text})
        assert response.status_code == 200
        offered: dict[str, list[dict[str, object]]] = response.get_json()
        return offered

    return ask


def test_questions_tags_and_people_are_offered(ids: dict[str, int], typed: Callable[[str], dict]) -> None:
    offered = typed("dock")

    assert {question["title"] for question in offered["questions"]} == {
        "Dock loses network after suspend",
        "Dock hums loudly",
    }
    assert offered["questions"][0]["url"].startswith("/questions/")
    assert {question["solved"] for question in offered["questions"]} == {True, False}
    assert offered["tags"] == [{"name": "docks", "url": "/tags/docks", "count": 2}]


def test_a_bracket_asks_for_tags_and_user_for_people(
    ids: dict[str, int], typed: Callable[[str], dict]
) -> None:
    assert typed("loud [no") == {
        "questions": [],
        "tags": [{"name": "noise", "url": "/tags/noise", "count": 1}],
        "users": [],
    }
    people = typed("loud user:ada")
    assert [person["name"] for person in people["users"]] == ["Ada Dockwright"]
    assert (people["questions"], people["tags"]) == ([], [])


@pytest.mark.parametrize("text", ["", " ", "d", "%", '"', "[", "user:", "x" * 5_000, "_%_"])
def test_little_or_odd_input_is_no_trouble(
    text: str, ids: dict[str, int], typed: Callable[[str], dict]
) -> None:
    assert typed(text)["questions"] == []


def test_a_deleted_question_is_not_offered_though_the_index_still_has_it(
    database: Database, ids: dict[str, int], typed: Callable[[str], dict]
) -> None:
    with database.transaction() as session:
        session.get_one(Post, ids["solved"]).deleted_at = clock.now()

    assert [question["title"] for question in typed("dock network")["questions"]] == ["Dock hums loudly"]


def test_it_takes_three_statements_at_most(
    database: Database, ids: dict[str, int], typed: Callable[[str], dict]
) -> None:
    with recorded(database) as statements:
        typed("dock")

    assert len(statements) <= 3


def test_without_an_index_tags_and_people_are_offered_still(
    ids: dict[str, int], typed: Callable[[str], dict], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(engine: MemoryEngine, query: SimilarQuery) -> None:
        raise SearchUnavailable("no index")

    monkeypatch.setattr(MemoryEngine, "similar", fail)

    assert typed("dock")["questions"] == []
    assert typed("dock")["tags"] != []


def test_searching_within_a_tag_and_somebody_s_posts_writes_the_filter_out(
    visitor: Browser, ids: dict[str, int]
) -> None:
    tag = visitor.get("/search", query_string={"within": "[docks]", "q": "network"})
    person = visitor.get("/search", query_string={"within": f"user:{ids['ada']}", "q": "network"})

    assert (tag.status_code, person.status_code) == (302, 302)
    assert visitor.get(tag.location).text.count("Dock loses network after suspend") >= 1
    assert f"user%3A{ids['ada']}" in person.location or f"user:{ids['ada']}" in person.location
    assert 'name="within" value="[docks]"' in visitor.get("/tags/docks").text


def test_the_narrowing_links_keep_the_search_in_the_address(visitor: Browser, ids: dict[str, int]) -> None:
    page = visitor.get("/search?q=dock")

    assert "hasaccepted%3Ayes" in page.text or "hasaccepted:yes" in page.text
    narrowed = visitor.get("/search", query_string={"q": "dock hasaccepted:yes"})
    assert "1 result" in narrowed.text
    assert "Solved" in narrowed.text


def test_a_slip_is_asked_about_and_not_changed_in_silence(visitor: Browser, ids: dict[str, int]) -> None:
    page = visitor.get("/search", query_string={"q": "netwrok"})

    assert "No results" in page.text
    assert "Did you mean" in page.text
    assert "q=network" in page.text
