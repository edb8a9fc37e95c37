"""A community that was imported is found, continued by newcomers, and taken over by its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite, run_askwell, serving
from tests.journeys.person import GIVE_UP_SECONDS, PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory, project_dir: Path) -> Iterator[LiveSite]:
    """A site with the small dump."""
    data_dir = tmp_path_factory.mktemp("imported") / "site"
    dump = project_dir / "tests" / "importers" / "dump"
    imported = run_askwell(data_dir, "import", "stackexchange", str(dump))
    assert imported.returncode == 0, imported.stderr
    with serving(data_dir) as site:
        yield site


def test_a_newcomer_finds_an_imported_answer_and_continues(site: LiveSite, arrive: Arrive) -> None:
    newcomer = arrive()
    newcomer.register("Nora Newcomer")

    found = newcomer.results_for("firmware dock wakes")
    expect(found.first).to_contain_text("In the accepted answer")
    found.first.get_by_role("link", name="The dock drops its second screen").click()
    accepted = newcomer.page.locator("article.answer", has=newcomer.page.locator(".accept-mark"))
    expect(accepted).to_contain_text("fwupdmgr refresh")

    newcomer.vote(accepted, "up", score=4)
    newcomer.comment_on(accepted, "Firmware 1.7 still needs this.")
    newcomer.answer("With *zirconium* cables it also works without the update.")
    question = newcomer.ask(
        title="Does the dock charge a tablet too?", text="It has 45 W and shows a battery sign.", tags="docks"
    )

    assert newcomer.seconds_until_found("zirconium cables") < GIVE_UP_SECONDS
    newcomer.seconds_until_found("charge a tablet", showing="tablet")
    newcomer.page.locator(".search-result").get_by_role("link", name="tablet").click()
    assert newcomer.path == question
    checked = run_askwell(site.data_dir, "check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_an_imported_account_is_claimed_by_a_link_of_the_administrator(arrive: Arrive) -> None:
    administrator, claimant = arrive("Ines Runs It", role="admin"), arrive()
    administrator.go("/users?q=Ada")
    administrator.page.get_by_role("main").get_by_role("link", name="Ada Verne").first.click()
    profile = administrator.path
    administrator.page.get_by_role("button", name="Issue a claim link").click()
    link = administrator.page.get_by_label("Link").input_value()

    claimant.page.goto(link)
    expect(claimant.page.get_by_role("heading", level=1)).to_contain_text("Ada Verne")
    claimant.page.get_by_label("Password").fill(PASSWORD)
    claimant.page.get_by_role("button", name="Claim the account").click()
    expect(claimant.page.get_by_role("status")).to_contain_text("yours now")

    claimant.go(f"{profile}?tab=questions")
    expect(claimant.page.get_by_role("link", name="The dock drops its second screen")).to_be_visible()
    expect(claimant.page.get_by_role("link", name="Edit profile")).to_be_visible()
    claimant.page.goto(link)
    expect(claimant.page.get_by_text("This link does not work any more")).to_be_visible()
