"""What comes of a solution that was there already: no text is lost on the way, and repetitions are closed."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Arrive
from tests.journeys.kettles import REPEATED, SOLVED, TEXT, seen_first, write_solution
from tests.journeys.live_site import LiveSite

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture(scope="module", autouse=True)
def solution(browser: Browser, site: LiveSite) -> None:
    """A solved question, which search knows."""
    write_solution(browser, site)


def test_a_preview_between_the_list_and_posting_loses_no_text(arrive: Arrive) -> None:
    asker = arrive("Eve Previews", java_script_enabled=False)
    title = f"{REPEATED} once more"
    asker.fill_question(title=title, text=TEXT, tags="kettles, lime")
    asker.page.get_by_role("button", name="Ask", exact=True).click()
    expect(seen_first(asker)).to_be_visible()

    asker.page.get_by_role("button", name="Preview").click()

    expect(seen_first(asker)).to_have_count(0)
    expect(asker.page.get_by_role("region", name="Preview")).to_contain_text("80 degrees")
    expect(asker.page.get_by_role("textbox", name="Question")).to_have_value(TEXT)
    expect(asker.tags_field()).to_have_value("kettles, lime")
    asker.page.get_by_role("button", name="Ask", exact=True).click()
    expect(asker.page.get_by_role("heading", level=1)).to_have_text(title)


@BOTH
def test_a_repetition_is_closed_with_a_thread_that_is_offered(arrive: Arrive, has_scripts: bool) -> None:
    title = f"Our kettle switches off and no water boils {'here' if has_scripts else 'there'}"
    asker = arrive(f"Flo {has_scripts}")
    asker.fill_question(title=title, text=TEXT, tags="kettles")
    asker.page.get_by_role("button", name="Ask", exact=True).click()
    seen_first(asker).get_by_role("button", name="Post my question").click()
    expect(asker.page.get_by_role("heading", level=1)).to_have_text(title)
    moderator = arrive(f"Mo {has_scripts}", role="moderator", java_script_enabled=has_scripts)
    moderator.go(asker.path)

    moderator.question().get_by_role("link", name="Close").click()
    original = moderator.page.get_by_role("radio", name=SOLVED)
    expect(original).to_be_visible()
    moderator.page.get_by_role("radio", name="Off-topic").check()
    expect(original).to_be_hidden()
    moderator.page.get_by_role("radio", name="Duplicate").check()
    original.check()
    moderator.page.get_by_role("button", name="Close the question").click()

    expect(moderator.page.get_by_text("This has been asked before.")).to_be_visible()
    moderator.page.get_by_role("main").get_by_role("link", name=SOLVED).first.click()
    expect(moderator.page.get_by_role("heading", level=1)).to_have_text(SOLVED)
