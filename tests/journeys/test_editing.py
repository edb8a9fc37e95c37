"""Editing: the history of a post, the way back, and two people who edit at once."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser

FIRST = "The keyboard stays dark after the update of yesterday."
SECOND = "The keyboard stays dark after the firmware update 1.14."


def test_an_edit_has_a_history_that_leads_back(arrive: Arrive) -> None:
    author = arrive("Ada History")
    author.ask(title="Keyboard without light", text=FIRST)

    _edit(author, SECOND, summary="named the update")
    expect(author.question()).to_contain_text(SECOND)
    author.question().get_by_role("link", name="2 revisions").click()
    latest = author.page.locator("#revision-2")
    expect(latest).to_contain_text("named the update")
    expect(latest.locator(".difference ins").first).to_contain_text("firmware")
    author.page.get_by_role("link", name="Side by side").click()
    expect(latest.get_by_role("cell").first.locator("del").first).to_be_visible()
    expect(latest.get_by_role("cell").last).to_have_text(SECOND)

    author.page.locator("#revision-1").get_by_role("button", name="Go back to this version").click()

    expect(author.question()).to_contain_text(FIRST)
    author.question().get_by_role("link", name="3 revisions").click()
    expect(author.page.locator("#revision-3")).to_contain_text("back to version 1")


def test_of_two_edits_at_once_the_later_gets_both_joined(arrive: Arrive) -> None:
    author, moderator = _both_editing(arrive, "Joined")

    _save(moderator, SECOND)
    expect(moderator.question()).to_contain_text(SECOND)
    _save(author, f"{FIRST}\n\nIt is an Aria 14.")

    conflict = author.page.get_by_role("alert")
    expect(conflict).to_contain_text("fit together")
    expect(conflict.locator("ins").first).to_contain_text("firmware")
    joined = f"{SECOND}\n\nIt is an Aria 14."
    expect(author.page.get_by_role("textbox", name="Question")).to_have_value(joined)
    author.page.get_by_role("button", name="Save", exact=True).click()
    expect(author.question()).to_contain_text("It is an Aria 14.")
    expect(author.question()).to_contain_text(SECOND)
    expect(author.question().get_by_role("link", name="3 revisions")).to_be_visible()


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_two_edits_change_differently_is_chosen(arrive: Arrive, has_scripts: bool) -> None:
    words = "scripts" if has_scripts else "plain"
    author, moderator = _both_editing(arrive, words, java_script_enabled=has_scripts)
    _save(moderator, SECOND)
    _save(author, FIRST.replace("yesterday", "Monday"))
    text = author.page.get_by_role("textbox", name="Question")
    expect(text).to_have_value(re.compile("<<<<<<< your text"))

    author.page.get_by_role("button", name="Save", exact=True).click()
    expect(author.page.get_by_role("alert")).to_contain_text("changed the same words")

    author.page.get_by_label("Keep mine").check()
    if has_scripts:
        expect(text).to_have_value(FIRST.replace("yesterday", "Monday"))
        expect(author.page.get_by_text("All is chosen")).to_be_visible()
    author.page.get_by_label("Keep both").check()
    if has_scripts:
        expect(text).to_have_value(f"{SECOND}\n{FIRST.replace('yesterday', 'Monday')}")
    author.page.get_by_label("Take theirs").check()
    author.page.get_by_role("button", name="Save", exact=True).click()

    expect(author.question()).to_contain_text(SECOND)
    expect(author.question().get_by_role("link", name="2 revisions")).to_be_visible()


def test_a_deleted_question_is_there_for_its_author_and_moderators_only(arrive: Arrive) -> None:
    author, stranger = arrive("Ada Deletes"), arrive()
    moderator = arrive("Mo Deletes", role="moderator")
    path = author.ask(title="A question soon regretted", text=FIRST)

    author.question().get_by_role("button", name="Delete").click()

    expect(author.question().get_by_text("Only you and moderators see this")).to_be_visible()
    assert moderator.go(path).status == 200
    expect(moderator.question().get_by_text("Only the author and moderators see this")).to_be_visible()
    assert stranger.go(path).status == 404
    expect(stranger.page.get_by_text("soon regretted")).to_have_count(0)
    author.question().get_by_role("button", name="Undelete").click()
    expect(author.question().get_by_role("button", name="Delete", exact=True)).to_be_visible()
    assert stranger.go(path).status == 200


def _both_editing(arrive: Arrive, name: str, **options: Any) -> tuple[Person, Person]:
    author, moderator = arrive(f"Ada {name}", **options), arrive(f"Mo {name}", role="moderator")
    path = author.ask(title=f"Keyboard without light, {name}", text=FIRST)
    for person in (author, moderator):
        person.go(path)
        person.question().get_by_role("link", name="Edit", exact=True).click()
        expect(person.page.get_by_role("textbox", name="Question")).to_have_value(FIRST)
    return author, moderator


def _edit(person: Person, text: str, *, summary: str) -> None:
    person.question().get_by_role("link", name="Edit", exact=True).click()
    person.page.get_by_label("What did you change?").fill(summary)
    _save(person, text)


def _save(person: Person, text: str) -> None:
    person.page.get_by_role("textbox", name="Question").fill(text)
    person.page.get_by_role("button", name="Save", exact=True).click()
