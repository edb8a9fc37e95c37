"""Every page fits its window, in both themes, with headings and landmarks that readers can tell apart."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite
from tests.journeys.page_faults import ALL_RULES, RULES_OF_LOOKS, faults_of
from tests.journeys.person import Person
from tests.journeys.wide_content import (
    LONG_WORD,
    NAME,
    OTHER_WORD,
    SOLVED,
    TAGS,
    WIDE_TEXT,
    write_wide_content,
)

pytestmark = pytest.mark.browser

TAG = TAGS.split()[0]
PAGES = (
    *("/", "/questions?sort=hot", "/questions/unanswered", "/questions/ask", "/tags", "/users"),
    *("/users?period=month", "/search", "/search?q=Donau*", "/search?q=nothing-has-this-word"),
    *(f"/search?q=Donau*+[{TAG}]+answers:1..+score:many", f"/search?q=Donau*+[{TAG}]+is:answer"),
    *(f"/search?q={LONG_WORD}+[none]+score:99", f"/search?q={OTHER_WORD}x", f"/search?q={OTHER_WORD}+other"),
    *("/settings", "/settings/password", "/help", "/help/formatting", "/help/searching", "/appearance"),
    *("/saved-searches", "/following", "/drafts", "/sign-in", "/register", "/no-such-page"),
)
PAGES_OF_ALL_PARTS = {"/", "/questions/ask", "/sign-in", "/register"}
"""What only visitors see, and what stands around the content of each page."""


@pytest.fixture(scope="module")
def site(own_site: LiveSite) -> LiveSite:
    """A site of its own: what is wide is on its first pages."""
    return own_site


@pytest.fixture(scope="module")
def wide_content(browser: Browser, site: LiveSite) -> Iterator[dict[str, str]]:
    """Paths of pages with words, tables, code, tags and names that are as wide as the rules allow."""
    author = Person(browser.new_context(), site.address)
    yield write_wide_content(author, site)
    author.context.close()


@pytest.mark.parametrize(
    ("width", "is_signed_in", "theme"),
    [
        (320, True, "dark"),
        (390, False, "light"),
        (1440, True, "light"),
        (1440, False, "dark"),
    ],
)
def test_no_page_is_wider_than_its_window_or_out_of_order(
    arrive: Arrive, wide_content: dict[str, str], width: int, is_signed_in: bool, theme: str
) -> None:
    name = NAME if is_signed_in else ""
    person = arrive(name, viewport={"width": width, "height": 844}, color_scheme=theme)

    faults = {}
    for path in (*PAGES, *wide_content.values()):
        person.go(path)
        for summary in person.page.get_by_role("main").locator("summary:visible").all():
            summary.click()
        faults[path] = faults_of(person.page, rules=_rules_for(path, is_signed_in=is_signed_in, width=width))
    if is_signed_in:
        person.fill_question(title=f"{SOLVED}?", text=WIDE_TEXT, tags=TAGS)
        person.page.locator("[data-panel] summary").click()
        faults["while asking"] = faults_of(person.page)
        person.page.get_by_role("button", name="Ask", exact=True).click()
        expect(person.page.get_by_role("region", name="already solve it")).to_be_visible()
        faults["before posting"] = faults_of(person.page)
    field = person.page.get_by_label("Search questions and answers")
    expect(field).to_have_role("combobox")
    field.press_sequentially(LONG_WORD[:10])
    expect(person.page.get_by_role("option").first).to_be_visible()
    faults["suggestions"] = faults_of(person.page)

    assert {page: found for page, found in faults.items() if found} == {}


def _rules_for(path: str, *, is_signed_in: bool, width: int) -> Sequence[str]:
    """Return the rules of axe-core to try: all once, and again what another theme and window change."""
    # What visitors see of the other pages is a part of what members see, in one theme or the other.
    if path in PAGES_OF_ALL_PARTS:
        return ALL_RULES
    if not is_signed_in:
        return ()
    return ALL_RULES if width == 320 else RULES_OF_LOOKS
