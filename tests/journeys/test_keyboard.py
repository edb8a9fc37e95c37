"""Asking, answering, voting and accepting by the keyboard alone, with the focus always to be seen."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser

MOST_STEPS = 90
"""Presses of Tab within which everything on these pages can be reached from where one was."""

_FOCUSED = """() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const isField = element.matches("input, textarea");
    const isSeen = isField || style.outlineStyle !== "none" || style.boxShadow !== "none";
    const name = element.ariaLabel ?? element.labels?.[0]?.textContent ?? element.textContent;
    return { name: name.replace(/\\s+/g, " ").trim(), isSeen, tag: element.tagName };
}"""


def _tab_to(person: Person, name: str, tag: str = "") -> None:
    """Press Tab until an element has the focus whose name begins so; each one on the way shows its focus."""
    passed = []
    for _ in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        focused = person.page.evaluate(_FOCUSED)
        passed.append(focused["name"][:40])
        assert focused["isSeen"] or focused["tag"] == "BODY", passed
        if re.match(name, focused["name"]) and focused["tag"].startswith(tag):
            return
    pytest.fail(f"{name} was not reached, but {passed}")


def test_a_question_is_asked_answered_voted_on_and_solved_without_a_mouse(arrive: Arrive) -> None:
    asker, answerer = arrive("Ada Keys"), arrive("Bo Keys")
    title = "Does the dock wake without a mouse?"

    asker.go("/")
    _tab_to(asker, "Ask$", "A")
    asker.page.keyboard.press("Enter")
    expect(asker.page.get_by_role("heading", level=1)).to_contain_text("Ask")
    _tab_to(asker, "Title", "INPUT")
    asker.page.keyboard.type(title)
    _tab_to(asker, "Question", "TEXTAREA")
    asker.page.keyboard.type("It sleeps on when I press a key.")
    _tab_to(asker, "Tags", "INPUT")
    asker.page.keyboard.type("docks")
    asker.page.keyboard.press("Escape")
    _tab_to(asker, "Ask$", "BUTTON")
    asker.page.keyboard.press("Enter")
    expect(asker.page.get_by_role("heading", level=1)).to_have_text(title)

    answerer.go(asker.path)
    _tab_to(answerer, "Vote up", "BUTTON")
    answerer.page.keyboard.press("Space")
    expect(answerer.page.locator("[data-announcement]")).to_contain_text("It has 1 vote now")
    _tab_to(answerer, "Your answer", "TEXTAREA")
    answerer.page.keyboard.type("Let the firmware wake it: set Wake on USB.")
    _tab_to(answerer, "Post your answer", "BUTTON")
    answerer.page.keyboard.press("Enter")
    expect(answerer.post_by("Bo Keys")).to_be_visible()

    asker.go(asker.path)
    _tab_to(asker, "Accept this answer", "BUTTON")
    asker.page.keyboard.press("Enter")
    accepted = asker.post_by("Bo Keys").get_by_role("button", name="Accepted; click to take it back")
    expect(accepted).to_be_visible()
    expect(accepted).to_be_focused()
