"""Votes: counted without a reload, seen everywhere, never on what one wrote oneself."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Arrive

pytestmark = pytest.mark.browser

TEXT = "It prints the first page only and then waits."


def test_a_vote_counts_and_is_announced_without_a_reload(arrive: Arrive) -> None:
    path = arrive("Ada Reload").ask(title="Printer stops after a page", text=TEXT)
    voter = arrive("Bo Reload")
    voter.go(path)
    voter.page.evaluate("window.isSamePage = true")
    up = voter.question().get_by_role("button", name="Vote up")

    for score in (1, 0):
        up.click()
        said = f"It has {score} {'vote' if score == 1 else 'votes'} now."
        expect(voter.page.locator("[data-announcement]")).to_contain_text(said)
        expect(up).to_have_attribute("aria-pressed", "true" if score else "false")
        expect(up).to_be_focused()

    voter.vote(voter.question(), "down", score=-1)
    voter.vote(voter.question(), "up", score=1)
    assert voter.page.evaluate("window.isSamePage")


def test_a_vote_in_one_tab_shows_in_the_other_after_a_reload(arrive: Arrive) -> None:
    path = arrive("Ada Tabs").ask(title="Two tabs show one question", text=TEXT)
    voter = arrive("Bo Tabs")
    voter.go(path)
    other = voter.open_tab()
    other.goto(voter.address + path)

    voter.vote(voter.question(), "up", score=1)
    other.reload()

    expect(other.locator("article.question .vote-score")).to_contain_text("1")
    expect(other.get_by_role("button", name="Vote up")).to_have_attribute("aria-pressed", "true")


def test_the_same_click_in_two_tabs_is_one_vote(arrive: Arrive) -> None:
    path = arrive("Ada Stale").ask(title="Two tabs vote one after the other", text=TEXT)
    voter = arrive("Bo Stale")
    voter.go(path)
    other = voter.open_tab()
    other.goto(voter.address + path)

    voter.vote(voter.question(), "up", score=1)
    other.get_by_role("button", name="Vote up").click()

    expect(other.get_by_role("button", name="Vote up")).to_have_attribute("aria-pressed", "true")
    expect(other.locator("article.question .vote-score")).to_contain_text("1")


def test_nobody_can_vote_on_their_own_post(arrive: Arrive) -> None:
    author = arrive("Ada Own")
    author.ask(title="May I praise my own question?", text=TEXT)
    token = author.page.locator("[name=csrf_token]").first.input_value()
    question_id = urlsplit(author.page.url).path.split("/")[2]

    expect(author.question().get_by_role("button", name="Vote up")).to_have_count(0)
    refused = author.page.request.post(
        f"{author.address}/posts/{question_id}/vote", form={"csrf_token": token, "value": "1"}
    )

    assert refused.status == 403
    author.page.reload()
    expect(author.question().locator(".vote-score")).to_have_text("0")


def test_a_visitor_who_wants_to_vote_comes_back_after_signing_in(arrive: Arrive) -> None:
    path = arrive("Ada Visitor").ask(title="Who is allowed to vote here?", text=TEXT)
    arrive("Bo Visitor")
    visitor = arrive()
    visitor.name = "Bo Visitor"
    visitor.go(path)

    visitor.question().get_by_role("link", name="0 votes; sign in to vote").click()
    visitor.sign_in()

    expect(visitor.question()).to_be_visible()
    assert visitor.path == path
    visitor.vote(visitor.question(), "up", score=1)
