"""The list of similar threads as a part of a page and for programs, and what its reader says about it."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from lxml import html
from sqlalchemy import select

from forum.core.db import Database
from forum.posts.models import Post
from forum.search.engine import SimilarQuery
from forum.search.engines.memory_engine import MemoryEngine
from forum.searches.models import AskOutcome
from forum.searches.rules import Outcome
from tests.statements import recorded
from tests.web.browser import Browser, field_of
from tests.web.similar.conftest import Solved

JSON = {"Accept": "application/json"}
WRITTEN = {
    "title": "My dock loses its network",
    "source": "It stays away until I plug it again.",
    "tags": "docks",
}


def _outcomes(database: Database) -> list[tuple[str, str, int | None, int, int | None, str]]:
    with database.reading() as session:
        rows = session.scalars(select(AskOutcome).order_by(AskOutcome.id))
        return [
            (row.outcome, row.title, row.thread_id, row.offered_count, row.solved_id, row.tag_names)
            for row in rows
        ]


def test_a_title_finds_solved_threads_with_the_passage_that_fits(visitor: Browser, solved: Solved) -> None:
    response = visitor.get("/similar?title=network+of+dock")

    part = html.fromstring(response.text)
    [link] = part.iter("a")
    assert part.get("data-offered") == str(solved.id)
    assert (link.get("href"), link.get("target"), link.get("rel")) == (
        f"/answers/{solved.answer_id}",
        "_blank",
        "noopener",
    )
    assert link.text_content() == "Dock <loses> the network after a minute (opens in a new tab)"
    assert "<mark>network</mark> &amp; wait" in response.text
    for fact in ("solved", "3 votes", "1 answer", "In the accepted answer"):
        assert fact in part.text_content()
    [button] = part.iter("button")
    assert (button.get("value"), button.get("formaction")) == (str(solved.id), "/similar/solved")


def test_programs_get_the_same_as_json(visitor: Browser, solved: Solved) -> None:
    response = visitor.get("/similar?title=network+of+dock&tags=docks", headers=JSON)

    assert "Accept" in response.vary
    assert response.json == {
        "similar": [
            {
                "id": solved.id,
                "title": solved.title,
                "url": f"http://127.0.0.1:8000/answers/{solved.answer_id}",
                "solved": True,
                "score": 3,
                "answers": 1,
                "tags": ["docks"],
                "answer_id": solved.answer_id,
                "passage": "Disable suspend of the network & wait.",
                "convincing": True,
            }
        ]
    }


def test_what_is_like_nothing_finds_nothing(visitor: Browser, solved: Solved) -> None:
    for title in ("", "Zebra", "x" * 100_000, "!?", "\u202e"):
        assert visitor.get("/similar", query_string={"title": title}).text == ""
        assert visitor.get("/similar", query_string={"title": title}, headers=JSON).json == {"similar": []}


def test_the_text_may_be_long_and_nothing_is_written(
    member: Browser, database: Database, solved: Solved
) -> None:
    text = "The network stays away. " + "y" * 100_000
    response = member.send_fragment("/similar", title="Something with my laptop", source=text, tags="a,,<b>")

    assert f'data-offered="{solved.id}"' in response.text
    assert _outcomes(database) == []


def test_it_takes_one_call_of_the_engine_and_two_statements(
    visitor: Browser,
    member: Browser,
    database: Database,
    engine: MemoryEngine,
    solved: Solved,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[SimilarQuery] = []
    find = engine.similar
    monkeypatch.setattr(engine, "similar", lambda query: asked.append(query) or find(query))

    for browser in (visitor, member):
        for headers in ({}, JSON):
            with recorded(database) as statements:
                assert browser.get("/similar?title=network+of+dock", headers=headers).status_code == 200
            assert len(statements) == 2
    member.token()
    with recorded(database) as statements:
        member.send_fragment("/similar", **WRITTEN)

    assert len(statements) == 3, "one more tells who it is"
    assert len(asked) == 5
    assert [query.is_unfinished for query in asked] == [True, False, True, False, False]


def test_without_an_index_it_says_when_to_try_again(
    visitor: Browser, solved: Solved, lose_index: Callable[[], None]
) -> None:
    lose_index()

    part = visitor.get("/similar?title=network", headers={"HX-Request": "true"})
    for_programs = visitor.get("/similar?title=network", headers=JSON)

    assert part.status_code == for_programs.status_code == 503
    assert "<html" not in part.text
    assert for_programs.json == {"error": "There is no search index yet."}
    assert for_programs.headers["Retry-After"] == "30"


def test_a_thread_that_solved_it_is_noted_and_shown(
    member: Browser, database: Database, solved: Solved
) -> None:
    response = member.post("/similar/solved", **WRITTEN, thread=solved.id, offered=f"{solved.id} 999")

    assert response.status_code == 303
    assert response.headers["Location"] == f"/answers/{solved.answer_id}"
    assert _outcomes(database) == [
        (Outcome.SOLVED, "my dock loses its network", solved.id, 1, solved.id, "docks")
    ]
    answer = member.client.get(response.headers["Location"], follow_redirects=True)
    assert "Good that this solved it" in answer.text


@pytest.mark.parametrize(
    ("source", "is_kept"), [("", False), ("It waits and waits and prints no page.", True)]
)
def test_a_title_that_led_to_its_solution_is_no_draft_any_more_and_a_text_is(
    member: Browser, solved: Solved, source: str, is_kept: bool
) -> None:
    written = {"title": WRITTEN["title"], "source": source, "submission": str(uuid4())}
    member.send_fragment("/drafts", place="question", turn="1", **written)

    member.post("/similar/solved", **written, thread=solved.id)

    assert (WRITTEN["title"] in member.get("/questions/ask").text) is is_kept


@pytest.mark.parametrize("thread", ["", "x", "-1", "0", "999", "9" * 30, "²"])
def test_a_thread_that_is_not_there_solves_nothing_and_the_text_is_kept(
    member: Browser, database: Database, solved: Solved, thread: str
) -> None:
    response = member.post("/similar/solved", **WRITTEN, thread=thread)

    assert response.status_code == 404
    assert WRITTEN["source"] in response.text
    assert _outcomes(database) == []


def test_none_of_these_is_noted_and_the_form_comes_back_with_all_its_text(
    member: Browser, database: Database, solved: Solved
) -> None:
    response = member.post("/similar/none", **WRITTEN, offered=str(solved.id))

    assert response.status_code == 200
    assert {name: field_of(response, name) for name in WRITTEN} == WRITTEN
    assert field_of(response, "seen_similar") == "1"
    assert field_of(response, "offered") == str(solved.id)
    assert "Noted." in response.text
    assert _outcomes(database) == [
        (Outcome.NONE_FIT, "my dock loses its network", None, 1, solved.id, "docks")
    ]
    assert member.post("/questions/ask", **WRITTEN, seen_similar="1").status_code == 303


def test_a_script_is_told_nothing_but_that_it_is_noted(
    member: Browser, database: Database, solved: Solved
) -> None:
    response = member.send_fragment("/similar/none", title=WRITTEN["title"], offered=str(solved.id))

    assert (response.status_code, response.text) == (204, "")
    assert len(_outcomes(database)) == 1


@pytest.mark.parametrize("offered", ["", "x y", "1 " * 10_000, "9" * 100_000, "1 -2 ³ 4.5"])
def test_made_up_offers_do_no_harm(member: Browser, database: Database, solved: Solved, offered: str) -> None:
    assert member.send_fragment("/similar/none", **WRITTEN, offered=offered).status_code == 204
    assert len(_outcomes(database)) == 1


def test_a_deleted_thread_is_not_found_by_anybody(
    visitor: Browser, database: Database, solved: Solved
) -> None:
    with database.transaction() as session:
        question = session.get_one(Post, solved.id)
        question.deleted_at = question.created_at

    assert visitor.get("/similar?title=network+of+dock", headers=JSON).json == {"similar": []}
