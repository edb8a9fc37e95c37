"""Every page fits its window, in both themes, without a complaint of the browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Arrive
from tests.journeys.live_site import LiveSite
from tests.journeys.person import Person

pytestmark = pytest.mark.browser

LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
WIDE_TEXT = f"""{LONG_WORD * 4}

| {" | ".join(f"column {number}" for number in range(30))} |
|{"---|" * 30}
| {" | ".join(f"value_{number}_of_the_table" for number in range(30))} |

```
{"x" * 400}
```

`{"y" * 300}` and https://example.org/{"z" * 300} and مرحبا بالعالم

> > > > > > {LONG_WORD}

1. a
    1. b
        1. c
            - [ ] {LONG_WORD}
"""
TAGS = " ".join(f"{letter * 30}{number}" for number, letter in enumerate("abcde"))
NAME = "W" * 40

PAGES = (
    *("/", "/questions?sort=hot", "/questions/unanswered", "/questions/ask", "/tags", "/users"),
    *("/users?period=month", "/search", "/search?q=Donau*", "/search?q=nothing-has-this-word"),
    *("/settings", "/settings/password", "/help", "/help/formatting", "/help/searching", "/appearance"),
    *("/sign-in", "/register", "/no-such-page"),
)


@pytest.fixture(scope="module")
def wide_content(browser: Browser, site: LiveSite) -> Iterator[dict[str, str]]:
    """Paths of pages with words, tables, code, tags and names that are as wide as the rules allow."""
    author = Person(browser.new_context(), site.address)
    author.register(NAME)
    question = author.ask(title=LONG_WORD[:75] + LONG_WORD[:75], text=WIDE_TEXT, tags=TAGS)
    answer = author.answer(WIDE_TEXT)
    author.comment_on(answer, LONG_WORD * 4)
    answer.locator(".post-actions").get_by_role("link", name="Edit").click()
    author.page.get_by_role("textbox", name="Answer").fill(f"{LONG_WORD * 5}\n\n{WIDE_TEXT}")
    author.page.get_by_role("button", name="Save").click()
    expect(author.post_by(NAME).get_by_role("link", name="2 revisions")).to_be_visible()
    history = author.post_by(NAME).get_by_role("link", name="2 revisions").get_attribute("href") or ""
    author.page.locator(".account-menu summary").click()
    profile = author.page.get_by_role("link", name=NAME).first.get_attribute("href") or ""
    yield {
        "question": question,
        "history": history,
        "side by side": f"{history}?view=side",
        "tag": f"/tags/{TAGS.split()[0]}",
        **{
            tab: f"{profile}?tab={tab}" for tab in ("summary", "questions", "answers", "reputation", "badges")
        },
    }
    author.context.close()


@pytest.mark.parametrize(
    ("width", "is_signed_in", "theme"),
    [(390, True, "dark"), (390, False, "light"), (1440, True, "light"), (1440, False, "dark")],
)
def test_no_page_is_wider_than_its_window(
    arrive: Arrive, wide_content: dict[str, str], width: int, is_signed_in: bool, theme: str
) -> None:
    person = arrive(viewport={"width": width, "height": 844}, color_scheme=theme)
    if is_signed_in:
        person.name = NAME
        person.go("/sign-in")
        person.sign_in()
        expect(person.page.locator(".account-menu")).to_be_visible()

    too_wide = {}
    for path in (*PAGES, *wide_content.values()):
        person.go(path)
        if (wider := _wider_than_window(person.page)) > 0:
            too_wide[path] = wider

    assert too_wide == {}


def _wider_than_window(page: Page) -> int:
    wider: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wider
