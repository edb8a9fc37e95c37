"""The whole loop, from the empty site to the solved question that search finds, with and without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite, serving
from tests.journeys.person import Person

pytestmark = pytest.mark.browser

FINDABLE_SECONDS = 2.0
"""How soon search must know a post, counted from when its author sees it."""

TITLE = "Dock drops the second screen after suspend"
TEXT = "The second screen stays black.\n\n```bash\nxrandr --auto\n```\n\nThe cable is *new*."
ANSWER = "Update the firmware of the dock, then switch off **panel self refresh**."


@pytest.fixture
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """An empty site for each of the two, so that both have a first administrator."""
    with serving(tmp_path_factory.mktemp("loop") / "site") as site:
        yield site


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_question_is_asked_answered_solved_and_found(
    site: LiveSite, arrive: Arrive, has_scripts: bool
) -> None:
    administrator, asker, answerer = (arrive(java_script_enabled=has_scripts) for _ in range(3))

    _become_administrator(administrator, site.setup_link)
    asker.register("Ada Verne")
    _ask(asker, has_scripts=has_scripts)
    answerer.register("Bo Lind")
    _answer(answerer)
    _solve(asker)

    passage = "In the accepted answer by Bo Lind"
    assert asker.seconds_until_found("panel self refresh", showing=passage) < FINDABLE_SECONDS
    asker.sign_out()
    _see_reputation(answerer, "26")


def _become_administrator(person: Person, link: str) -> None:
    person.page.goto(link)
    person.fill_new_account("Ines Administers")
    person.page.get_by_role("button", name="Make the account").click()
    expect(person.page.get_by_role("status")).to_contain_text("You run this site now")
    person.page.goto(link)
    expect(person.page.get_by_text("This link does not work any more")).to_be_visible()


def _ask(person: Person, *, has_scripts: bool) -> None:
    first = "Which docks are there for two screens?"
    person.ask(title=first, text="I would like to use two screens at one cable.", tags="docking")
    person.fill_question(title=TITLE, text=TEXT, tags="")
    if has_scripts:
        _complete_tag(person)
    else:
        person.tags_field().fill("docking screens")
        person.page.get_by_role("button", name="Preview").click()
    preview = person.page.get_by_role("region", name="Preview")
    expect(preview.locator("em")).to_have_text("new")
    expect(preview.locator("pre")).to_contain_text("xrandr --auto")
    person.page.get_by_role("button", name="Ask", exact=True).click()
    expect(person.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert person.question().locator(".tag").all_inner_texts() == ["docking", "screens"]
    assert person.seconds_until_found(TITLE) < FINDABLE_SECONDS


def _complete_tag(person: Person) -> None:
    tags = person.tags_field()
    tags.press_sequentially("dock")
    expect(person.page.get_by_role("option", name="docking")).to_be_visible()
    tags.press("ArrowDown")
    tags.press("Enter")
    expect(tags).to_have_value("docking ")
    tags.press_sequentially("screens")


def _answer(person: Person) -> None:
    person.results_for("second screen suspend").get_by_role("link", name=TITLE).click()
    answer = person.answer(ANSWER)
    expect(answer.locator("strong")).to_have_text("panel self refresh")
    person.comment_on(person.question(), "Which firmware has it?")


def _solve(person: Person) -> None:
    person.go("/")
    person.page.get_by_role("main").get_by_role("link", name=TITLE, exact=True).click()
    answer = person.post_by("Bo Lind")
    person.vote(answer, "up", score=1)
    answer.get_by_role("button", name="Accept this answer").click()
    expect(answer.get_by_role("button", name="Accepted; click to take it back")).to_be_visible()
    person.comment_on(answer, "That was it. Thank you!")


def _see_reputation(person: Person, reputation: str) -> None:
    person.go("/")
    person.page.locator(".account-menu summary").click()
    person.page.locator(".account-menu").get_by_role("link", name=person.name).click()
    expect(person.page.locator(".profile-figures")).to_contain_text(reputation)
