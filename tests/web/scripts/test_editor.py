"""The editor in a real browser: its tools, its completion, its full screen; without scripts a plain field."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Locator, Page, expect

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_question, make_user

pytestmark = pytest.mark.browser


@pytest.fixture
def text(page: Page) -> Locator:
    """The empty text of a new question."""
    page.goto("/questions/ask")
    return page.get_by_role("textbox", name="Question")


def test_buttons_mark_what_is_selected(page: Page, text: Locator) -> None:
    text.fill("dock")
    for name, expected in (("Bold", "**dock**"), ("Italic", "_dock_"), ("Code", "`dock`")):
        text.fill("dock")
        text.select_text()
        page.get_by_role("button", name=name, exact=False).first.click()
        expect(text).to_have_value(expected)


@pytest.mark.parametrize(("key", "expected"), [("b", "**dock**"), ("i", "_dock_"), ("e", "`dock`")])
def test_keys_mark_what_is_selected_and_undo_takes_it_back(
    page: Page, text: Locator, key: str, expected: str
) -> None:
    text.press_sequentially("dock")
    text.select_text()
    text.press(f"Control+{key}")
    expect(text).to_have_value(expected)

    text.press("Control+z")
    expect(text).to_have_value("dock")


def test_a_code_block_gets_the_language_that_was_chosen(page: Page, text: Locator) -> None:
    text.fill("Look:\nprint(`1`)")
    text.evaluate("field => field.setSelectionRange(6, 17)")
    page.get_by_label("Code block").click()
    page.get_by_role("button", name="Python").click()

    expect(text).to_have_value("Look:\n```python\nprint(`1`)\n```\n")
    expect(page.get_by_role("region", name="Preview").locator("pre .hll, pre code")).to_be_visible(
        timeout=15_000
    )


def test_a_fence_is_longer_than_those_inside(page: Page, text: Locator) -> None:
    text.fill("```\ninner\n```")
    text.select_text()
    page.get_by_label("Code block").click()
    page.get_by_role("button", name="No language").click()

    expect(text).to_have_value("````\n```\ninner\n```\n````\n")


def test_a_table_begins_with_its_first_heading_selected(page: Page, text: Locator) -> None:
    page.get_by_role("button", name="Table").click()
    page.keyboard.type("Dock")

    expect(text).to_have_value("| Dock | Column |\n| --- | --- |\n|  |  |\n|  |  |\n")


def test_the_whole_screen_is_given_and_taken_back_by_escape(page: Page, text: Locator) -> None:
    full = page.get_by_role("button", name="Full screen")
    full.click()
    expect(text).to_be_focused()
    box = page.locator(".editor").bounding_box()
    assert box is not None
    assert (box["x"], box["y"]) == (0, 0)

    text.press("Escape")
    expect(full).to_have_attribute("aria-pressed", "false")


def test_characters_are_counted_as_the_server_counts_them(page: Page, text: Locator) -> None:
    text.fill("a\n😀")
    expect(page.locator(".count")).to_contain_text("3 of 30,000 characters")

    text.fill("a" * 30_002)
    expect(page.locator(".count [data-over]")).to_have_text("2 characters too many")


def test_people_of_the_thread_are_completed_first(page: Page, database: Database) -> None:
    with database.transaction() as session:
        make_user(session, name="Adam Famous", reputation=9_000)
        question = make_question(session, make_user(session, name="Ada Asker"))
        make_answer(session, question, make_user(session, name="Adele A. Nswers"))
    page.goto(f"/questions/{question.id}")
    answer = page.get_by_role("textbox", name="Your answer")

    answer.press_sequentially("Thanks @ad")
    expect(page.get_by_role("option")).to_have_text(["Adele A. Nswers", "Ada Asker", "Adam Famous"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(answer).to_have_value("Thanks @AdaAsker ")


def test_tags_become_links(page: Page, database: Database, text: Locator) -> None:
    with database.transaction() as session:
        make_question(session, make_user(session), tags=["docks"])

    text.press_sequentially("See #doc")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")

    expect(text).to_have_value("See [docks](/tags/docks) ")


def test_a_heading_opens_no_list(page: Page, text: Locator) -> None:
    text.press_sequentially("## What I tried", delay=10)
    page.wait_for_timeout(400)

    expect(page.get_by_role("option")).to_have_count(0)


def test_without_scripts_there_are_no_tools_but_what_they_do_is_told(
    browser: Chromium, address: str, question: Post, enter: Callable[[BrowserContext], None]
) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    enter(context)
    page = context.new_page()
    page.goto(f"/questions/{question.id}")

    expect(page.get_by_role("toolbar")).to_be_hidden()
    expect(page.get_by_text("10 to 30,000 characters")).to_be_visible()
    expect(page.locator(".editor-marks")).to_be_visible()
    context.close()
