"""Editing: the history of a post, the way back, and two people who edit at once."""

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


def test_of_two_edits_at_once_the_later_sees_both_texts(arrive: Arrive) -> None:
    author, moderator = arrive("Ada Conflict"), arrive("Mo Conflict", role="moderator")
    path = author.ask(title="Keyboard without light, twice", text=FIRST)
    for person in (author, moderator):
        person.go(path)
        person.question().get_by_role("link", name="Edit").click()
        expect(person.page.get_by_role("textbox", name="Question")).to_have_value(FIRST)

    _save(moderator, SECOND)
    expect(moderator.question()).to_contain_text(SECOND)
    _save(author, f"{FIRST} It is an Aria 14.")

    conflict = author.page.get_by_role("alert")
    expect(conflict).to_contain_text("Somebody saved another version")
    expect(conflict.locator("del").first).to_be_visible()
    conflict.get_by_text("The saved version", exact=True).click()
    expect(conflict.locator("pre").last).to_have_text(SECOND)
    expect(author.page.get_by_role("textbox", name="Question")).to_have_value(f"{FIRST} It is an Aria 14.")
    _save(author, f"{SECOND} It is an Aria 14.")
    expect(author.question()).to_contain_text(f"{SECOND} It is an Aria 14.")
    expect(author.question().get_by_role("link", name="3 revisions")).to_be_visible()


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


def _edit(person: Person, text: str, *, summary: str) -> None:
    person.question().get_by_role("link", name="Edit").click()
    person.page.get_by_label("What did you change?").fill(summary)
    _save(person, text)


def _save(person: Person, text: str) -> None:
    person.page.get_by_role("textbox", name="Question").fill(text)
    person.page.get_by_role("button", name="Save").click()
