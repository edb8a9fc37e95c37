"""How asking ended, as moderators see it; on a site of its own, where nobody else asks."""

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import Arrive
from tests.journeys.kettles import REPEATED, SOLVED, TEXT, seen_first, write_solution
from tests.journeys.live_site import LiveSite
from tests.journeys.person import Person

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(own_site: LiveSite) -> LiveSite:
    """A site of its own: nobody else asks here."""
    return own_site


@pytest.fixture(scope="module", autouse=True)
def solution(browser: Browser, site: LiveSite) -> None:
    """A solved question, which search knows."""
    write_solution(browser, site)


def test_moderators_see_how_asking_ended(arrive: Arrive) -> None:
    moderator = arrive("Mo Counts", role="moderator")
    scripted, plain = arrive("Cy Scripts"), arrive("Di Plain", java_script_enabled=False)

    _solve_in_the_panel(scripted)
    _say_that_none_fits(scripted)
    _solve_before_posting(plain)
    path = _post_all_the_same(plain)

    moderator.go("/")
    moderator.page.get_by_role("link", name="Insight").click()
    figures = moderator.page.locator(".profile-figures").first
    # Two solved it and one asked; whoever says that none fits has not ended asking yet.
    expect(_figure(figures, "Attempts to ask")).to_have_text("3")
    expect(_figure(figures, "Asked although solved")).to_have_text("100 %")
    expect(moderator.page.get_by_role("main")).to_contain_text("“none of these” was said 1 time")
    again = moderator.page.get_by_role("region", name="Asked though a solved thread was offered")
    expect(again.get_by_role("listitem")).to_contain_text(f"offered: {SOLVED}")
    again.get_by_role("link", name=REPEATED).click()
    expect(moderator.page.get_by_role("heading", level=1)).to_have_text(REPEATED)
    assert moderator.path == path


def _solve_in_the_panel(person: Person) -> None:
    person.go("/questions/ask")
    person.page.get_by_label("Title").press_sequentially("Kettle switches off ear")
    person.page.get_by_role("button", name="This solved it").click()
    expect(person.page.get_by_role("status").first).to_contain_text("Good that this solved it")


def _say_that_none_fits(person: Person) -> None:
    person.go("/questions/ask")
    person.page.get_by_label("Title").press_sequentially("Kettle switches off la")
    none = person.page.get_by_role("button", name="None of these")
    with person.page.expect_response("**/similar/none") as noted:
        none.click()
    assert noted.value.status == 204
    expect(none).to_be_hidden()


def _solve_before_posting(person: Person) -> None:
    person.fill_question(title=REPEATED, text=TEXT, tags="kettles")
    person.page.get_by_role("button", name="Ask", exact=True).click()
    seen_first(person).get_by_role("button", name="This solved it").click()
    expect(person.page.get_by_role("status").first).to_contain_text("Good that this solved it")


def _post_all_the_same(person: Person) -> str:
    person.fill_question(title=REPEATED, text=TEXT, tags="kettles")
    person.page.get_by_role("button", name="Ask", exact=True).click()
    seen_first(person).get_by_role("button", name="Post my question").click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text(REPEATED)
    return person.path


def _figure(figures: Locator, name: str) -> Locator:
    return figures.locator("div").filter(has_text=name).locator("dd")
