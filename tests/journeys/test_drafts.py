"""Texts that are not posted yet: saved while they are typed, and never lost."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import delete

from forum.accounts.models import LoginSession
from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite
from tests.journeys.person import Person

pytestmark = pytest.mark.browser

TEXT = "It hums at night, and only while it charges."
PAUSE = 2_000
"""Milliseconds after the last key until a draft is saved."""
ANSWER = "Take the other port & measure again; <b>mine</b> hums, too."


@pytest.fixture
def arrive(arrive: Arrive) -> Arrive:
    """Let people come whose clocks can be put forward, so that the tests wait for a pause only once."""

    def with_clock(name: str = "", **options: Any) -> Person:
        person = arrive(name, **options)
        person.context.clock.install()
        return person

    return with_clock


def test_an_answer_waits_on_another_device_until_it_is_posted(arrive: Arrive, site: LiveSite) -> None:
    path = arrive("Ada Devices").ask(title="A humming charger on two devices", text=TEXT)
    author = arrive("Bo Devices")
    author.go(path)
    _box(author.page).press_sequentially(ANSWER)
    expect(_status(author.page)).to_have_text(re.compile("Draft saved .*[0-9]"))
    expect(author.page.locator("[data-announcement]")).to_have_text("")

    asked: list[str] = []
    author.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    author.page.locator(".account-menu summary").click()
    author.page.get_by_role("link", name="Drafts").click()
    expect(author.page.get_by_role("heading", level=1)).to_have_text("Your drafts")
    expect(author.page.get_by_role("main")).to_contain_text("Take the other port")
    assert asked == [], "nothing would be lost, so nothing is asked"

    other = _second_browser(arrive, author)
    other.go(path)
    expect(_box(other.page)).to_have_value(ANSWER)
    expect(other.page.get_by_text("Your draft is below")).to_be_visible()
    other.page.get_by_role("button", name="Post your answer").click()
    expect(other.post_by(author.name)).to_contain_text("Take the other port")
    expect(_box(other.page)).to_have_value("")
    author.go("/drafts")
    expect(author.page.get_by_text("You have no drafts")).to_be_visible()


@pytest.mark.parametrize("how", ["session ended", "cookie gone"])
def test_what_is_typed_after_the_session_ended_is_there_after_signing_in(
    arrive: Arrive, site: LiveSite, how: str
) -> None:
    path = arrive(f"Ada {how}").ask(title=f"A humming charger, {how}", text=TEXT)
    author = arrive(f"Bo {how}")
    author.go(path)
    _box(author.page).press_sequentially("Take the other port")
    expect(_status_after_the_pause(author.page)).to_contain_text("Draft saved")
    if how == "cookie gone":
        author.context.clear_cookies()
    else:
        with site.database() as database, database.transaction() as session:
            session.execute(delete(LoginSession))

    _box(author.page).press_sequentially(" and measure again.")
    expect(_status_after_the_pause(author.page)).to_contain_text(
        "You are signed out. Your text is kept in this browser."
    )
    expect(author.page.locator("[data-announcement]")).to_contain_text("You are signed out")
    author.page.get_by_role("link", name="Sign in to go on").click()
    author.sign_in()

    expect(_box(author.page)).to_have_value("Take the other port and measure again.")
    expect(_status_after_the_pause(author.page)).to_contain_text("Draft saved")
    author.page.reload()
    expect(_box(author.page)).to_have_value("Take the other port and measure again.")


def test_somebody_else_at_the_same_browser_gets_nothing(arrive: Arrive, site: LiveSite) -> None:
    path = arrive("Ada Shared").ask(title="A humming charger on a shared computer", text=TEXT)
    arrive("Cy Shared")
    author = arrive("Bo Shared")
    author.go(path)
    author.context.clear_cookies()
    _box(author.page).press_sequentially("A secret")
    expect(_status_after_the_pause(author.page)).to_contain_text("kept in this browser")

    author.name = "Cy Shared"
    author.page.get_by_role("link", name="Sign in to go on").click()
    author.sign_in()
    expect(_box(author.page)).to_have_value("")

    author.sign_out()
    assert author.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:'))") == []


def test_of_two_tabs_none_overwrites_the_other_and_the_writer_decides(arrive: Arrive) -> None:
    path = arrive("Ada Tabs2").ask(title="A humming charger in two tabs", text=TEXT)
    author = arrive("Bo Tabs2")
    author.go(path)
    other = author.open_tab()
    other.goto(author.address + path)
    _box(author.page).press_sequentially("First text")
    expect(_status_after_the_pause(author.page)).to_contain_text("Draft saved")

    _box(other).press_sequentially("Second text")
    other.clock.fast_forward(PAUSE)
    choice = other.get_by_role("alert")
    expect(choice).to_contain_text("First text")
    expect(_box(other)).to_have_value("Second text")
    # Undecided, both survive that the tab is closed and opened again.
    other.goto(author.address + path)
    expect(_box(other)).to_have_value("First text")
    expect(choice).to_contain_text("Second text")
    choice.get_by_role("button", name="Take this text").click()
    expect(_box(other)).to_have_value("Second text")
    expect(_status_after_the_pause(other)).to_contain_text("Draft saved")

    _box(author.page).press_sequentially(", longer")
    author.page.clock.fast_forward(PAUSE)
    expect(author.page.get_by_role("alert")).to_contain_text("Second text")
    author.page.get_by_role("button", name="Keep the text in the form").click()
    expect(_status_after_the_pause(author.page)).to_contain_text("Draft saved")
    other.reload()
    expect(_box(other)).to_have_value("First text, longer")


def test_votes_and_comments_meanwhile_leave_the_answer_alone(arrive: Arrive) -> None:
    path = arrive("Ada Meanwhile").ask(title="A humming charger, meanwhile", text=TEXT)
    author = arrive("Bo Meanwhile")
    author.go(path)
    _box(author.page).fill(ANSWER)

    author.vote(author.question(), "up", score=1)
    author.comment_on(author.question(), "Which charger is it?")
    author.question().get_by_text("Add a comment").click()
    remark = author.question().get_by_role("textbox", name="Your comment")
    remark.press_sequentially("And where did you")
    author.question().get_by_role("button", name="Delete", exact=True).last.click()
    expect(author.question().get_by_role("button", name="Undelete")).to_be_visible()

    expect(_box(author.page)).to_have_value(ANSWER)
    expect(remark).to_have_value("And where did you")
    expect(_status_after_the_pause(author.question())).to_contain_text("Draft saved")
    author.page.reload()
    expect(_box(author.page)).to_have_value(ANSWER)
    expect(remark).to_have_value("And where did you")


def test_a_network_that_fails_keeps_the_text_and_a_closed_page_loses_nothing(arrive: Arrive) -> None:
    path = arrive("Ada Network").ask(title="A humming charger without network", text=TEXT)
    author = arrive("Bo Network")
    author.go(path)
    author.context.route("**/drafts", lambda route: route.abort())
    long = "It hums. " * 9_000
    _box(author.page).fill(long)
    expect(_status_after_the_pause(author.page)).to_contain_text(
        "Not saved, trying again. Your text is kept in this browser."
    )
    author.page.close()
    author.context.unroute("**/drafts")

    again = author.open_tab()
    again.goto(author.address + path)

    expect(_box(again)).to_have_value(long)
    other = _second_browser(arrive, author)
    other.go(path)
    other.reload_until(other.page.get_by_text("Your draft is below"))
    expect(_box(other.page)).to_have_value(long)


def test_a_post_that_did_not_arrive_is_sent_again_and_leaves_no_draft(arrive: Arrive) -> None:
    path = arrive("Ada Again").ask(title="A humming charger, posted again", text=TEXT)
    author = arrive("Bo Again")
    author.go(path)
    author.context.route("**/answers", lambda route: route.abort())
    _box(author.page).fill(ANSWER)
    author.page.get_by_role("button", name="Post your answer").click()
    author.page.wait_for_url("chrome-error:**")
    author.context.unroute("**/answers")

    author.page.go_back()
    expect(_box(author.page)).to_have_value(ANSWER)
    author.page.get_by_role("button", name="Post your answer").click()

    expect(author.post_by(author.name)).to_have_count(1)
    expect(_box(author.page)).to_have_value("")
    expect(author.page.get_by_role("alert")).to_have_count(0)
    author.go("/drafts")
    expect(author.page.get_by_text("You have no drafts")).to_be_visible()


def test_leaving_at_once_saves_the_last_keys(arrive: Arrive) -> None:
    author = arrive("Bo Leaves")
    author.page.on("dialog", lambda dialog: dialog.accept())
    author.go("/questions/ask")
    author.page.get_by_label("Title").press_sequentially("A humming charger, just")
    author.go("/tags")

    other = _second_browser(arrive, author)
    other.go("/questions/ask")
    other.reload_until(other.page.get_by_text("Your draft is below"))
    expect(other.page.get_by_label("Title")).to_have_value("A humming charger, just")


def test_a_discarded_draft_stays_discarded(arrive: Arrive) -> None:
    author = arrive("Bo Discards")
    author.go("/questions/ask")
    author.page.get_by_label("Title").press_sequentially("A humming charger")
    expect(_status_after_the_pause(author.page)).to_contain_text("Draft saved")
    author.page.reload()
    author.page.get_by_label("Title").press_sequentially(" again")
    expect(_status_after_the_pause(author.page)).to_contain_text("Draft saved")

    author.page.get_by_role("button", name="Discard draft").click()

    expect(author.page.get_by_role("status").first).to_have_text("Draft discarded.")
    expect(author.page.get_by_label("Title")).to_have_value("")
    author.page.reload()
    expect(author.page.get_by_label("Title")).to_have_value("")


def test_undoing_brings_back_all_that_was_typed(arrive: Arrive) -> None:
    author = arrive("Bo Undoes")
    author.go("/questions/ask")
    author.page.get_by_label("Title").press_sequentially("A humming charger")
    expect(_status_after_the_pause(author.page)).to_contain_text("Draft saved")
    author.page.reload()
    # The pause is not over yet.
    author.page.get_by_label("Title").fill("A humming charger again")
    author.page.get_by_role("button", name="Discard draft").click()
    expect(author.page.get_by_label("Title")).to_have_value("")
    author.page.get_by_role("button", name="Undo").click()
    expect(author.page.get_by_label("Title")).to_have_value("A humming charger again")

    author.go("/drafts")
    author.page.get_by_role("button", name="Discard: A new question").click()
    expect(author.page.get_by_role("main")).to_contain_text("Draft discarded.")
    author.page.get_by_role("button", name="Undo").click()
    expect(author.page.get_by_role("link", name="A new question: A humming charger again")).to_be_visible()


def test_without_scripts_a_button_saves_the_draft(arrive: Arrive) -> None:
    author = arrive("Bo Plainly", java_script_enabled=False)
    author.fill_question(title="A humming charger, plainly", text=TEXT, tags="chargers")
    author.page.get_by_role("button", name="Save draft").click()
    expect(author.page.get_by_role("status").first).to_contain_text("Your draft is saved")

    other = _second_browser(arrive, author)
    other.go("/questions/ask")
    expect(other.page.get_by_label("Title")).to_have_value("A humming charger, plainly")
    expect(other.tags_field()).to_have_value("chargers")
    other.page.get_by_role("button", name="Discard draft").click()
    expect(other.page.get_by_label("Title")).to_have_value("")
    author.go("/drafts")
    expect(author.page.get_by_text("You have no drafts")).to_be_visible()


def _second_browser(arrive: Arrive, person: Person) -> Person:
    return arrive(person.name)


def _box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your answer")


def _status_after_the_pause(part: Page | Locator) -> Locator:
    """Return what is said once nothing has been typed for a while."""
    page = part if isinstance(part, Page) else part.page
    page.clock.fast_forward(PAUSE)
    return _status(part)


def _status(part: Page | Locator) -> Locator:
    return part.locator(".draft-status:visible")
