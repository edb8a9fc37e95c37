"""Searching from the field in the head to the answer, with and without scripts, on phones and on desktops."""

from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite
from tests.journeys.person import Person
from tests.journeys.threads import Thread, member, write_thread

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1440, "height": 900}
EVERYWHERE = pytest.mark.parametrize(
    "window",
    [
        {"viewport": PHONE, "java_script_enabled": True},
        {"viewport": PHONE, "java_script_enabled": False},
        {"viewport": DESKTOP, "java_script_enabled": True},
        {"viewport": DESKTOP, "java_script_enabled": False},
    ],
    ids=["phone with scripts", "phone without", "desktop with scripts", "desktop without"],
)
BOTH = pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without scripts"])

SOLVED = "Dock loses its network after suspend"
UNSOLVED = "Dock hums loudly at night"
LONG = "Laptop drains its battery overnight"
LONG_ANSWER = "\n\n".join(
    f"{number}. Look at the meter once more and write down what it says." for number in range(30)
)


@pytest.fixture(scope="module")
def site(own_site: LiveSite) -> LiveSite:
    """A site of its own: results are counted."""
    return own_site


@pytest.fixture(scope="module", autouse=True)
def battery(browser: Browser, site: LiveSite) -> Thread:
    """A thread with a short answer below long ones; search knows it and two threads about docks."""
    with site.database() as database, database.transaction() as session:
        ada, bo, cy = (member(session, name) for name in ("Ada Asks", "Bo Answers", "Cy Asks"))
        write_thread(
            session,
            ada,
            title=SOLVED,
            text="The network stays away until I plug it in again.",
            tags=["docks", "network"],
            answers=[(bo, "Disable selective suspend of the adapter.")],
            accepts=0,
        )
        write_thread(session, cy, title=UNSOLVED, text="It hums a deep G sharp.", tags=["docks", "noise"])
        long_ones = [(cy, LONG_ANSWER), (ada, LONG_ANSWER)]
        thread = write_thread(
            session,
            ada,
            title=LONG,
            text="In the morning it is empty.",
            tags=["laptops"],
            answers=[*long_ones, (bo, "Let it hibernate instead of sleep.")],
        )
    visitor = Person(browser.new_context(), site.address)
    visitor.seconds_until_found("hibernate")
    visitor.context.close()
    return thread


@EVERYWHERE
def test_filters_narrow_the_results_and_the_address_keeps_them(arrive: Arrive, window: dict) -> None:
    visitor = arrive(**window)
    visitor.go("/")
    visitor.search("dock")
    expect(_heading(visitor)).to_have_text("2 results")

    _narrow(visitor, "Solved")

    expect(_heading(visitor)).to_have_text("1 result")
    expect(_results(visitor)).to_contain_text(SOLVED)
    visitor.page.reload()
    expect(_heading(visitor)).to_have_text("1 result")
    visitor.page.go_back()
    expect(_heading(visitor)).to_have_text("2 results")
    expect(_chips(visitor)).to_have_count(0)
    visitor.page.go_forward()
    _chips(visitor).get_by_role("link", name="Remove the filter Solved").click()
    expect(_heading(visitor)).to_have_text("2 results")
    expect(_chips(visitor)).to_have_count(0)
    assert visitor.path == "/search?q=dock"


@EVERYWHERE
def test_a_result_leads_to_the_answer_that_its_passage_is_in(
    arrive: Arrive, battery: Thread, window: dict
) -> None:
    visitor = arrive(**window)

    visitor.results_for("hibernate").get_by_role("link", name=LONG).click()

    answer = visitor.post_by("Bo Answers")
    expect(answer).to_be_in_viewport()
    assert visitor.page.url.endswith(f"#answer-{battery.answer_ids[2]}")
    assert _is_below_the_head(answer)


@BOTH
def test_a_slip_is_asked_about_and_the_correction_finds_what_was_meant(
    arrive: Arrive, has_scripts: bool
) -> None:
    visitor = arrive(java_script_enabled=has_scripts)
    visitor.go("/")
    visitor.search("netwrok suspend")

    visitor.page.get_by_role("link", name="network suspend").click()

    expect(_heading(visitor)).to_have_text("1 result")
    expect(_results(visitor)).to_contain_text(SOLVED)
    expect(_field(visitor)).to_have_value("network suspend")


@BOTH
def test_results_with_some_of_the_words_say_so_and_the_words_can_be_asked(
    arrive: Arrive, has_scripts: bool
) -> None:
    visitor = arrive("Di Relaxes" if has_scripts else "Eve Relaxes", java_script_enabled=has_scripts)
    visitor.go("/")
    visitor.search("[docks] dock gramophone")

    expect(visitor.page.get_by_text("No thread has all of these words")).to_be_visible()
    expect(_results(visitor)).to_have_count(2)
    visitor.page.get_by_role("link", name="Ask this question").click()

    expect(visitor.page.get_by_label("Title")).to_have_value("dock gramophone")
    expect(visitor.tags_field()).to_have_value("docks")


@BOTH
def test_what_nothing_has_becomes_the_title_of_a_question_even_after_signing_in(
    arrive: Arrive, has_scripts: bool
) -> None:
    visitor = arrive(java_script_enabled=has_scripts)
    visitor.name = "Cy Asks"
    visitor.go("/")
    visitor.search("gramophone needle & wax")
    expect(_heading(visitor)).to_have_text("No results")

    visitor.page.get_by_role("link", name="Ask this question").click()
    visitor.sign_in()

    expect(visitor.page.get_by_label("Title")).to_have_value("gramophone needle wax")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_suggestion_is_chosen_by_keyboard_and_told_to_screen_readers(
    arrive: Arrive, size: dict[str, int]
) -> None:
    visitor = arrive(viewport=size)
    visitor.go("/")
    field = _scripted_field(visitor)
    expect(field).to_have_attribute("aria-expanded", "false")

    field.press_sequentially("dock netw")
    offers = visitor.page.get_by_role("listbox", name="Suggestions")
    offer = offers.get_by_role("group", name="Questions").get_by_role("option").first
    expect(offer).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-controls") == offers.get_attribute("id")
    field.press("ArrowDown")
    expect(offer).to_have_attribute("aria-selected", "true")
    assert field.get_attribute("aria-activedescendant") == offer.get_attribute("id")
    expect(field).to_be_focused()
    field.press("Enter")

    expect(_heading(visitor)).to_have_text(SOLVED)


def test_escape_puts_the_suggestions_away_and_enter_searches_what_was_typed(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.go("/")
    field = _scripted_field(visitor)
    field.press_sequentially("dock")
    expect(_offers(visitor).first).to_be_visible()
    field.press("ArrowDown")

    field.press("Escape")

    expect(_offers(visitor)).to_have_count(0)
    expect(field).to_have_attribute("aria-expanded", "false")
    assert field.get_attribute("aria-activedescendant") is None
    expect(field).to_have_value("dock")
    field.press("Enter")
    expect(_heading(visitor)).to_have_text("2 results")


def test_escape_also_stops_the_suggestions_that_are_under_way(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.go("/")
    field = _scripted_field(visitor)
    field.fill("dock")
    expect(_offers(visitor).first).to_be_visible()
    # The next ones never arrive, so that only Escape can end the waiting for them.
    visitor.page.route("**/search/suggestions*", lambda _: None)
    with visitor.page.expect_request("**/search/suggestions*"):
        field.press("s")

    with visitor.page.expect_event("requestfailed") as stopped:
        field.press("Escape")

    assert "q=docks" in stopped.value.url
    expect(_offers(visitor)).to_have_count(0)
    expect(field).to_have_value("docks")


def test_whoever_types_on_searches_for_that_and_not_for_the_suggestion(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.go("/")
    field = _scripted_field(visitor)
    field.press_sequentially("dock")
    expect(_offers(visitor).first).to_be_visible()
    field.press("ArrowDown")

    field.press_sequentially("s")
    field.press("Enter")

    expect(_heading(visitor)).to_have_text("2 results")
    assert visitor.path == "/search?q=docks"


def test_a_tag_that_is_chosen_is_written_into_the_search(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.go("/")
    field = _scripted_field(visitor)
    field.press_sequentially("hum [doc")
    expect(_offers(visitor).filter(has_text="docks")).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("hum [docks] ")
    field.press("Enter")

    expect(_results(visitor)).to_contain_text(UNSOLVED)
    expect(_chips(visitor)).to_contain_text("Tag: docks")


@BOTH
def test_a_tag_and_a_person_can_be_searched_within(arrive: Arrive, has_scripts: bool) -> None:
    visitor = arrive(java_script_enabled=has_scripts)
    visitor.go("/tags/docks")
    _search_within(visitor, "Search in docks", "hums")

    expect(_results(visitor)).to_contain_text(UNSOLVED)
    expect(_chips(visitor)).to_contain_text("Tag: docks")
    _results(visitor).get_by_role("link", name="Cy Asks").click()
    _search_within(visitor, "Search posts of Cy Asks", "dock")
    expect(_results(visitor)).to_have_count(1)
    expect(_results(visitor)).to_contain_text(UNSOLVED)
    expect(_chips(visitor)).to_contain_text("By Cy Asks")


def test_recent_searches_are_offered_until_they_are_forgotten(arrive: Arrive) -> None:
    visitor = arrive()
    visitor.go("/")
    _scripted_field(visitor)
    visitor.search("dock hums")
    visitor.go("/")
    _scripted_field(visitor).click()
    recent = visitor.page.get_by_role("group", name="Recent searches").get_by_role("option")
    expect(recent).to_have_text("dock hums")
    _field(visitor).press("ArrowDown")
    _field(visitor).press("Enter")
    expect(_heading(visitor)).to_have_text("1 result")

    visitor.go("/saved-searches")
    visitor.page.get_by_role("button", name="Forget them").click()

    expect(visitor.page.get_by_text("Your recent searches are forgotten.")).to_be_attached()
    visitor.go("/")
    _scripted_field(visitor).click()
    expect(_field(visitor)).to_have_attribute("aria-expanded", "false")
    expect(recent).to_have_count(0)


def test_a_deleted_question_is_gone_from_results_counts_and_suggestions_at_once(arrive: Arrive) -> None:
    author, visitor = arrive("Flo Regrets"), arrive()
    kept, regretted = "Trumpet valve sticks when it is cold", "Trumpet valve of my neighbour sticks"
    for title in (kept, regretted):
        path = author.ask(title=title, text="The second valve of the trumpet sticks.", tags="brass")
    visitor.seconds_until_found("trumpet neighbour", showing=regretted)
    expect(visitor.results_for("trumpet")).to_have_count(2)

    author.go(path)
    author.question().get_by_role("button", name="Delete").click()
    expect(author.question().get_by_text("Only you and moderators see this")).to_be_visible()

    expect(visitor.results_for("trumpet")).to_have_count(1)
    expect(_heading(visitor)).to_have_text("1 result")
    expect(visitor.page.locator(".facet-count")).to_have_count(0)
    visitor.go("/")
    _scripted_field(visitor).press_sequentially("trumpet val")
    expect(_offers(visitor).filter(has_text=kept)).to_be_visible()
    expect(_offers(visitor).filter(has_text=regretted)).to_have_count(0)
    visitor.go(f"/search?q={quote_plus('[brass] trumpet')}")
    expect(_heading(visitor)).to_have_text("1 result")


def _heading(person: Person) -> Locator:
    return person.page.get_by_role("heading", level=1)


def _field(person: Person) -> Locator:
    return person.page.get_by_label("Search questions and answers")


def _scripted_field(person: Person) -> Locator:
    """Return the field once its script has come, which may be after the page."""
    expect(_field(person)).to_have_role("combobox")
    return _field(person)


def _results(person: Person) -> Locator:
    return person.page.locator(".search-result")


def _chips(person: Person) -> Locator:
    return person.page.get_by_role("list", name="Filters")


def _offers(person: Person) -> Locator:
    return person.page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def _narrow(person: Person, filter: str) -> None:
    """Choose a filter where the window shows it: behind a summary on phones, beside the results otherwise."""
    summary = person.page.locator("summary").filter(has_text="Narrow down")
    if summary.is_visible():
        summary.click()
    person.page.locator(".facet").get_by_role("link", name=filter).filter(visible=True).first.click()


def _search_within(person: Person, label: str, words: str) -> None:
    form = person.page.get_by_role("search", name=label)
    form.get_by_role("searchbox").fill(words)
    form.get_by_role("button", name="Search").click()


def _is_below_the_head(post: Locator) -> bool:
    """Tell whether the head of the site, which stays in view in wide windows, hides nothing of a post."""
    below: bool = post.evaluate(
        """post => {
            const head = document.querySelector(".site-header").getBoundingClientRect();
            return post.getBoundingClientRect().top >= Math.max(head.bottom, 0);
        }"""
    )
    return below
