"""What somebody typed is never lost, and never sent twice."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive
from tests.journeys.person import Person

pytestmark = pytest.mark.browser

TEXT = "The fan runs at full speed as soon as I plug in the charger."
ANSWER = "Clean the fan & update the firmware; <b>then</b> measure again.\n\n    - first\n    - second"

BOTH = pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])


@BOTH
def test_an_answer_survives_that_its_author_was_signed_out(arrive: Arrive, has_scripts: bool) -> None:
    suffix = "with scripts" if has_scripts else "without"
    path = arrive(f"Ada {suffix}").ask(title=f"A loud fan ({suffix})", text=TEXT)
    author = arrive(f"Bo {suffix}", java_script_enabled=has_scripts)
    author.go(path)
    author.page.get_by_role("textbox", name="Your answer").fill(ANSWER)
    _sign_out_in_another_tab(author)

    author.page.get_by_role("button", name="Post your answer").click()
    expect(author.page.get_by_text(ANSWER.splitlines()[0])).to_be_visible()
    author.sign_in()
    kept = author.page.get_by_role("textbox", name="Text")
    expect(kept).to_have_value(ANSWER)
    author.page.get_by_role("button", name="Send it now").click()

    expect(author.post_by(author.name)).to_have_count(1)
    expect(author.post_by(author.name)).to_contain_text("Clean the fan & update the firmware")


def test_a_comment_survives_that_its_author_was_signed_out(arrive: Arrive) -> None:
    path = arrive("Ada comments").ask(title="A loud fan to comment on", text=TEXT)
    author = arrive("Bo comments")
    author.go(path)
    _sign_out_in_another_tab(author)

    author.question().get_by_text("Add a comment").click()
    box = author.question().get_by_role("textbox", name="Your comment")
    box.fill("Which model is it?")
    author.question().get_by_role("button", name="Add comment").click()

    expect(author.question().get_by_text("Reload the page and try again")).to_be_visible()
    expect(box).to_have_value("Which model is it?")


@BOTH
def test_a_double_click_makes_one_post(arrive: Arrive, has_scripts: bool) -> None:
    title = f"Twice is once {'by script' if has_scripts else 'plainly'}"
    author = arrive(f"Di {has_scripts}", java_script_enabled=has_scripts)
    author.fill_question(title=title, text=TEXT, tags="fans")

    author.page.get_by_role("button", name="Ask", exact=True).dblclick()
    expect(author.page.get_by_role("heading", level=1)).to_have_text(title)

    author.go("/questions?sort=newest")
    expect(author.page.get_by_role("main").get_by_role("link", name=title)).to_have_count(1)


@BOTH
def test_a_question_that_needs_correction_keeps_everything(arrive: Arrive, has_scripts: bool) -> None:
    author = arrive(f"Flo {has_scripts}", java_script_enabled=has_scripts)
    author.fill_question(title="Why?", text=TEXT, tags="fans, charger one two three four")

    author.page.get_by_role("button", name="Ask", exact=True).click()

    expect(author.page.get_by_role("alert")).to_contain_text("nothing is lost")
    expect(author.page.get_by_label("Title")).to_have_value("Why?")
    expect(author.page.get_by_role("textbox", name="Question")).to_have_value(TEXT)
    expect(author.tags_field()).to_have_value("fans, charger one two three four")


def _sign_out_in_another_tab(person: Person) -> None:
    tab = person.open_tab()
    tab.goto(person.address)
    tab.locator(".account-menu summary").click()
    tab.get_by_role("button", name="Sign out").click()
    expect(tab.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    tab.close()
