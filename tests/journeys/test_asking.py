"""The prior solution is found while a question is asked, with and without scripts, and no text is lost."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote_plus, urlsplit

import pytest
from playwright.sync_api import Locator, expect

import forum.wiring
from forum.accounts import actions as accounts
from forum.accounts.rules import Actor
from forum.posts.actions import accepting, answering, asking
from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite
from tests.journeys.person import GIVE_UP_SECONDS, PASSWORD, Person

assert forum.wiring.SEARCH

pytestmark = pytest.mark.browser

SOLVED = "Dock drops the second screen after suspend"
ANSWER = "Update the firmware of the dock, then the second screen wakes from suspend."
TITLE = "Second screen at my dock stays black after suspend"
TEXT = "It worked <b>until</b> the update.\n\n    xrandr --auto\n\nThe cable is new."
TAGS = "docking, screens"


@pytest.fixture(scope="module")
def site(own_site: LiveSite) -> LiveSite:
    """A site of its own: what others wrote would be similar."""
    return own_site


@pytest.fixture(scope="module", autouse=True)
def solution(site: LiveSite) -> None:
    """A solved question, which search knows."""
    with site.database() as database, database.transaction() as session:
        people = [
            accounts.create_user(session, name=name, email="", password=PASSWORD, role="member")
            for name in ("Ada Asked", "Bo Answered")
        ]
        asker, answerer = (Actor(id=id, name="", role="member", reputation=1) for id in people)
        question = asking.ask(
            session, asker, title=SOLVED, source="The screen stays black.", tags=["docking"]
        )
        answer = answering.answer(session, answerer, question.question_id, source=ANSWER)
        accepting.accept(session, asker, answer.post_id)
    began = time.monotonic()
    while not _similar(site, SOLVED):
        assert time.monotonic() - began < GIVE_UP_SECONDS, "the solved question is not found"
        time.sleep(0.2)


def test_the_solution_is_found_while_the_title_is_typed(arrive: Arrive) -> None:
    asker = arrive("Cy Types")
    asker.go("/questions/ask")
    asker.page.get_by_label("Title").press_sequentially("Second screen black at d")

    expect(_said(asker)).to_have_text("1 question is similar")
    thread = _panel(asker).get_by_role("listitem")
    expect(thread).to_contain_text("solved")
    expect(thread.locator("mark").first).to_be_visible()
    with asker.context.expect_page() as opened:
        thread.get_by_role("link", name=SOLVED).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(SOLVED)
    opened.value.close()
    thread.get_by_role("button", name="This solved it").click()

    expect(asker.page.get_by_role("status").first).to_contain_text("Good that this solved it")
    expect(asker.page.get_by_role("heading", level=1)).to_have_text(SOLVED)
    assert asker.page.url.endswith("#answer-2")


def test_a_few_letters_find_nothing_yet(arrive: Arrive) -> None:
    asker = arrive("Di Begins")
    asker.go("/questions/ask")
    with _asking_nothing(asker):
        asker.page.get_by_label("Title").press_sequentially("dock sus")

    expect(_panel(asker)).to_be_hidden()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_it_is_shown_once_before_a_question_is_posted(arrive: Arrive, has_scripts: bool) -> None:
    asker = arrive(f"Eve {has_scripts}", java_script_enabled=has_scripts)
    title = f"{TITLE}, {'scripted' if has_scripts else 'plain'}"
    asker.fill_question(title=title, text=TEXT, tags=TAGS)

    asker.page.get_by_role("button", name="Ask", exact=True).click()

    first = asker.page.get_by_role("region", name="This may already solve it")
    expect(first).to_contain_text(SOLVED)
    expect(asker.page.get_by_label("Title")).to_have_value(title)
    expect(asker.page.get_by_role("textbox", name="Question")).to_have_value(TEXT)
    expect(asker.tags_field()).to_have_value(TAGS)
    first.get_by_role("button", name="Post my question").dblclick()
    expect(asker.page.get_by_role("heading", level=1)).to_have_text(title)
    expect(asker.question()).to_contain_text("It worked until the update.")
    asker.go("/questions?sort=newest")
    expect(asker.page.get_by_role("main").get_by_role("link", name=title, exact=True)).to_have_count(1)


def test_without_scripts_this_solved_it_leads_to_the_answer_too(arrive: Arrive) -> None:
    asker = arrive("Flo Plain", java_script_enabled=False)
    asker.fill_question(title=f"{TITLE} again", text=TEXT, tags=TAGS)
    asker.page.get_by_role("button", name="Ask", exact=True).click()

    asker.page.get_by_role("button", name="This solved it").click()

    expect(asker.page.get_by_role("heading", level=1)).to_have_text(SOLVED)
    expect(asker.page.get_by_role("status").first).to_contain_text("Good that this solved it")


def test_none_of_these_hides_the_list_and_the_question_is_posted_at_once(arrive: Arrive) -> None:
    asker = arrive("Gus Asks")
    asker.go("/questions/ask")
    title = asker.page.get_by_label("Title")
    title.press_sequentially(f"{TITLE} always")
    _panel(asker).get_by_role("button", name="None of these").click()

    expect(_panel(asker)).to_be_hidden()
    expect(title).to_be_focused()
    expect(_said(asker)).to_have_text("Noted. Go on with your question.")
    with _asking_nothing(asker):
        title.press_sequentially(" and ever")
    asker.page.get_by_role("textbox", name="Question").fill(TEXT)
    asker.tags_field().fill(TAGS)
    asker.page.get_by_role("button", name="Ask", exact=True).click()
    expect(asker.page.get_by_role("heading", level=1)).to_have_text(f"{TITLE} always and ever")


def test_the_place_of_similar_questions_says_what_it_is_for_and_what_came_of_it(arrive: Arrive) -> None:
    asker = arrive("Gus Looks")
    asker.go("/questions/ask")
    title, place = asker.page.get_by_label("Title"), asker.page.locator("[data-place]")

    expect(place).to_have_text("Similar questions appear here.")
    title.fill("Qwertz keys of trombones freeze")
    expect(place).to_have_text("No solved question like it was found.")
    title.fill("Qwertz")
    expect(place).to_have_text("Similar questions appear here.")
    title.fill(f"{TITLE} once again")
    expect(_panel(asker)).to_be_visible()
    expect(place).to_be_hidden()
    _panel(asker).get_by_role("button", name="None of these").click()
    expect(place).to_have_text("Noted. Go on with your question.")


def test_enter_in_the_title_sends_the_question_and_solves_nothing(arrive: Arrive) -> None:
    asker = arrive("Hal Enters")
    asker.fill_question(title=f"{TITLE} once more", text=TEXT, tags=TAGS)
    expect(_panel(asker)).to_be_visible()

    asker.page.get_by_label("Title").press("Enter")

    expect(asker.page.get_by_role("region", name="This may already solve it")).to_be_visible()


def test_nothing_moves_below_the_title_while_the_text_is_written(arrive: Arrive) -> None:
    asker = arrive("Ida Writes")
    asker.go("/questions/ask")
    box = asker.page.get_by_role("textbox", name="Question")
    asker.page.get_by_label("Title").fill("My laptop is odd")
    box.focus()
    before = box.bounding_box()
    box.press_sequentially("The second screen at the dock stays black after suspend.")

    expect(_said(asker)).to_have_text("1 question is similar")

    assert box.bounding_box() == before
    _panel(asker).get_by_text("1 question is similar").click()
    expect(_panel(asker).get_by_role("link", name=SOLVED)).to_be_visible()


def test_words_that_came_from_a_search_are_looked_for_at_once(arrive: Arrive) -> None:
    asker = arrive("Jo Searched")
    asker.go(f"/questions/ask?title={quote_plus(TITLE)}")

    expect(_panel(asker)).to_contain_text(SOLVED)


def _panel(person: Person) -> Locator:
    return person.page.locator("[data-panel]")


def _said(person: Person) -> Locator:
    return person.page.locator("[data-said]")


@contextmanager
def _asking_nothing(person: Person) -> Iterator[None]:
    """Check that nothing similar is asked for within the block and the pause after it."""
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    yield
    person.page.wait_for_timeout(600)
    assert [url for url in asked if "/similar" in url] == []


def _similar(site: LiveSite, title: str) -> bool:
    connection = http.client.HTTPConnection(urlsplit(site.address).netloc, timeout=10)
    connection.request("GET", f"/similar?title={quote_plus(title)}", headers={"Accept": "application/json"})
    found = json.load(connection.getresponse())
    connection.close()
    return bool(found.get("similar"))
