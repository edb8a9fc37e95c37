"""Single keys, in a real browser: they do what links and buttons do, and can be switched off."""

import pytest
from playwright.sync_api import Page, expect

from forum.core.db import Database
from tests.factories import make_answer, make_question, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def thread(page: Page, database: Database) -> str:
    """The open page of a question with an answer."""
    with database.transaction() as session:
        question = make_question(session, make_user(session), title="Why does the dock not wake?")
        make_answer(session, question, make_user(session, name="Ann One"))
    page.goto(f"/questions/{question.id}")
    return f"/questions/{question.id}"


def test_a_question_is_found_answered_and_voted_on_by_keys_alone(page: Page, thread: str) -> None:
    page.goto("/")
    page.keyboard.press("j")
    expect(page.locator(".question-row")).to_be_focused()
    page.keyboard.press("o")
    expect(page.get_by_role("heading", level=1)).to_have_text("Why does the dock not wake?")
    page.wait_for_load_state()

    page.keyboard.press("j")
    page.keyboard.press("j")
    answer = page.get_by_role("article", name="Answer by Ann One")
    expect(answer).to_be_focused()
    page.keyboard.press("u")
    expect(page.locator("[data-announcement]")).to_contain_text("You voted this up.")
    page.keyboard.press("c")
    page.keyboard.type("That helped, j and k too.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(answer.locator(".comment")).to_contain_text("j and k too")

    page.keyboard.press("a")
    page.keyboard.type("Unplug it, wait, and plug it in again.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article", name="Answer by Mary Member")).to_be_visible()


def test_two_keys_lead_to_a_page(page: Page, thread: str) -> None:
    for keys, path in (("gt", "/tags"), ("gq", "/questions"), ("gh", "/"), ("n", "/questions/ask")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(f"**{path}")


def test_all_keys_are_listed_and_the_list_closes(page: Page, thread: str) -> None:
    page.keyboard.press("?")
    listed = page.get_by_role("dialog", name="Keys")
    expect(listed).to_be_visible()
    expect(listed.get_by_role("term")).to_have_count(17)

    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()


def test_keys_do_nothing_once_they_are_switched_off(page: Page, thread: str) -> None:
    page.goto("/appearance")
    page.get_by_label("Use single keys").uncheck()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Use single keys")).not_to_be_checked()
    page.goto(thread)

    page.keyboard.press("?")
    page.keyboard.press("j")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("article", name="Question by")).not_to_be_focused()
