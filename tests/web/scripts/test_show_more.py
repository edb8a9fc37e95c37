"""Reading on in a list without another page."""

import pytest
from playwright.sync_api import Page, Route, expect

from forum.core.db import Database
from tests.factories import make_question, make_user

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _questions(database: Database) -> None:
    with database.transaction() as session:
        author = make_user(session)
        for number in range(65):
            make_question(session, author, title=f"What about thing number {number}?")


def test_the_rows_of_the_next_pages_come_below_until_there_are_no_more(page: Page) -> None:
    page.goto("/questions")
    rows, more = page.locator(".question-row"), page.get_by_role("button", name="Show more")

    more.click()
    expect(rows).to_have_count(60)
    expect(page.locator("[data-announcement]")).to_have_text("30 more are shown")
    expect(rows.nth(30).get_by_role("link").first).to_be_focused()
    more.click()
    expect(rows).to_have_count(65)
    expect(more).to_have_count(0)

    titles = rows.locator("h2").all_inner_texts()
    assert len(set(titles)) == 65
    exact = rows.last.locator("time").get_attribute("title") or ""
    assert "UTC" not in exact


def test_a_network_that_fails_leaves_the_list_and_another_try(page: Page) -> None:
    page.goto("/questions")

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/questions?at=*", fail)
    page.get_by_role("button", name="Show more").click()
    again = page.get_by_role("button", name="That did not work. Try again")
    expect(again).to_be_enabled()
    expect(page.locator(".question-row")).to_have_count(30)

    page.unroute("**/questions?at=*")
    again.click()
    expect(page.locator(".question-row")).to_have_count(60)
