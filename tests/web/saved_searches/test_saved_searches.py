"""Saving a search, being told of new matches, and looking at them."""

from collections.abc import Callable

import pytest
from flask import Flask
from lxml import html

from forum.core.db import Database
from forum.saved_searches import actions, queries, rules
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.worker.watching import Watching
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser, field_of
from tests.web.conftest import SignIn

TEXT = "It charges, but the second monitor stays black."


@pytest.fixture
def work(app: Flask, database: Database) -> Callable[[], None]:
    """Let the worker do what it does in a minute: index what was written, then look for matches."""
    engine: MemoryEngine = app.extensions["askwell"].engine
    Indexer(database, engine).reindex()

    def do() -> None:
        indexed = Indexer(database, engine).drain()
        watching = Watching(database, engine)
        while watching.turn(indexed=indexed):
            indexed = 0

    return do


@pytest.fixture
def saved_id(member: Browser, database: Database) -> int:
    """A search that the member has saved."""
    response = member.post("/saved-searches", text="dock monitor", sort="newest", name="Docks at work")
    assert response.status_code == 303
    with database.reading() as session:
        return queries.of_person(session, member.user_id)[0].id


def ask(asker: Browser, *, title: str) -> None:
    response = asker.post("/questions/ask", title=title, source=TEXT, tags="hardware")
    assert response.status_code == 303, response.text


def menu(browser: Browser) -> str:
    """Return what the account menu of somebody is called for those who can't see it."""
    return str(
        html.fromstring(browser.get("/appearance").text).find_class("account-menu")[0][0].get("aria-label")
    )


def words(text: str) -> str:
    return " ".join(html.fromstring(text).text_content().split())


def test_a_new_match_is_counted_shown_and_marked_as_seen(
    member: Browser, sign_in: SignIn, saved_id: int, work: Callable[[], None]
) -> None:
    ask(sign_in("Somebody Else"), title="Why does my dock not wake?")
    ask(sign_in("A Third One"), title="Why does the keyboard lose letters?")
    assert menu(member) == "Account of Mary Member"

    work()

    assert menu(member) == "Account of Mary Member, 1 new match"
    assert "Docks at work 1 new" in words(member.get("/saved-searches").text)
    page = member.get(f"/saved-searches/{saved_id}")
    assert "1 new match" in page.text
    assert "Why does my dock not wake?" in page.text
    assert "the keyboard lose" not in page.text
    member.get("/search?q=dock+monitor")
    assert menu(member) == "Account of Mary Member, 1 new match"

    response = member.post(f"/saved-searches/{saved_id}/seen", until=field_of(page, "until"))

    assert response.location == "/saved-searches"
    assert menu(member) == "Account of Mary Member"
    assert "Nothing new" in member.get(f"/saved-searches/{saved_id}").text
    work()
    assert menu(member) == "Account of Mary Member"


def test_an_answer_to_an_old_question_is_a_new_match_and_leads_to_the_answer(
    member: Browser, database: Database, work: Callable[[], None]
) -> None:
    with database.transaction() as session:
        question_id = make_question(session, title="Dock and monitor?").id
    work()
    member.post("/saved-searches", text="dock monitor")

    member.post(f"/questions/{question_id}/answers", source="Unplug the dock, then plug it in again.")
    work()

    saved = member.get("/saved-searches")
    (link,) = html.fromstring(saved.text).find_class("saved-search-new")
    answers = [
        a for a in html.fromstring(member.get(link.get("href")).text).iterlinks() if "/answers/" in a[2]
    ]
    assert answers


def test_a_question_that_was_deleted_is_not_shown(
    member: Browser, sign_in: SignIn, saved_id: int, work: Callable[[], None]
) -> None:
    asker = sign_in("Somebody Else")
    ask(asker, title="Why does my dock not wake?")
    work()
    question = next(
        link
        for _, _, link, _ in html.fromstring(member.get(f"/saved-searches/{saved_id}").text).iterlinks()
        if link.startswith("/questions/") and "dock" in link
    )

    assert asker.post(f"/posts/{question.split('/')[2]}/delete").status_code == 303

    assert "Nothing new" in member.get(f"/saved-searches/{saved_id}").text
    assert "nothing new" in member.get("/saved-searches").text
    work()
    assert menu(member) == "Account of Mary Member"


def test_saving_leads_back_to_the_results(member: Browser) -> None:
    response = member.post("/saved-searches", text=" dock & <b> ", sort="newest", name="")

    assert response.location == "/search?q=dock+%26+%3Cb%3E&sort=newest"
    assert "Saved as “dock &amp; &lt;b&gt;”" in member.get(response.location).text


def test_a_double_click_saves_once_and_says_so(member: Browser, database: Database, saved_id: int) -> None:
    again = member.post("/saved-searches", text="Dock  monitor", name="Another name")

    assert again.status_code == 303
    assert "saved this search before, as “Docks at work”" in member.get(again.location).text
    with database.reading() as session:
        assert [one.id for one in queries.of_person(session, member.user_id)] == [saved_id]


@pytest.mark.parametrize(
    "fields", [{"text": ""}, {"text": "!!"}, {"text": "x" * 300}, {"text": "dock", "name": "x" * 81}]
)
def test_what_can_not_be_saved_comes_back_with_the_reason(member: Browser, fields: dict[str, str]) -> None:
    response = member.post("/saved-searches", **fields)

    assert response.status_code == 422
    assert field_of(response, "text") == fields["text"]
    assert html.fromstring(response.text).find_class("field-errors")


def test_more_than_fifty_are_refused_with_what_to_do(member: Browser, database: Database) -> None:
    for number in range(rules.MOST_SAVED):
        member.post("/saved-searches", text=f"dock {number}")

    response = member.post("/saved-searches", text="one more dock")

    assert response.status_code == 403
    assert "Delete one that you need no more" in response.text
    assert "which is the most" in member.get("/saved-searches").text


def test_a_saved_search_is_renamed_and_silenced(member: Browser, saved_id: int) -> None:
    response = member.post(f"/saved-searches/{saved_id}", name="My <i>docks</i>")

    assert response.location == "/saved-searches"
    page = member.get("/saved-searches").text
    assert "My &lt;i&gt;docks&lt;/i&gt;" in page
    assert "not counted" in page
    member.post(f"/saved-searches/{saved_id}", name="Docks", notifies="y")
    assert "not counted" not in member.get("/saved-searches").text


def test_too_long_a_name_comes_back_with_the_reason(member: Browser, saved_id: int) -> None:
    response = member.post(f"/saved-searches/{saved_id}", name="n" * 81, notifies="y")

    assert response.status_code == 422
    assert field_of(response, "name") == "n" * 81
    assert "at most 80 characters" in response.text


def test_a_saved_search_is_deleted(member: Browser, saved_id: int) -> None:
    assert member.post(f"/saved-searches/{saved_id}/delete").location == "/saved-searches"

    assert "You have not saved a search yet" in member.get("/saved-searches").text
    assert member.get(f"/saved-searches/{saved_id}").status_code == 404


def test_the_saved_searches_of_others_are_nobodys_business(
    sign_in: SignIn, saved_id: int, database: Database, member: Browser
) -> None:
    stranger = sign_in("Somebody Else")

    statuses = {
        stranger.get(f"/saved-searches/{saved_id}").status_code,
        stranger.post(f"/saved-searches/{saved_id}", name="Mine").status_code,
        stranger.post(f"/saved-searches/{saved_id}/delete").status_code,
        stranger.post(f"/saved-searches/{saved_id}/seen", until="2030-01-01T00:00:00+00:00").status_code,
    }

    assert statuses == {404}
    with database.reading() as session:
        assert queries.one(session, member.user_id, saved_id) is not None


@pytest.mark.parametrize("until", ["", "yesterday", "2025-01-01T00:00:00"])
def test_a_made_up_moment_marks_nothing(member: Browser, saved_id: int, until: str) -> None:
    response = member.post(f"/saved-searches/{saved_id}/seen", until=until)

    assert response.status_code == 422


def test_a_visitor_is_asked_to_sign_in(visitor: Browser) -> None:
    page = visitor.get("/saved-searches")

    assert page.status_code == 200
    assert "/sign-in?next=/saved-searches" in page.text
    assert visitor.get("/saved-searches/1").location.startswith("/sign-in")


def test_of_very_many_new_matches_the_latest_are_shown(
    member: Browser, database: Database, saved_id: int
) -> None:
    with database.transaction() as session:
        author = make_user(session)
        threads = [make_question(session, author) for _ in range(queries.MATCHES_SHOWN + 3)]
        for thread in threads[:5]:
            make_answer(session, thread, author)
        actions.note_matches(session, saved_id, {thread.id: thread.id for thread in threads})

    page = member.get(f"/saved-searches/{saved_id}").text

    assert "103 new matches" in page
    assert "3 older ones" in page
    assert len(html.fromstring(page).find_class("question-row")) == queries.MATCHES_SHOWN
