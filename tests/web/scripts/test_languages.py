"""Pages in other languages in a browser: mirrored from right to left, and spoken by scripts, too."""

from itertools import pairwise

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_user
from tests.journeys.page_faults import faults_of

pytestmark = pytest.mark.browser

# Where each of them begins, seen from the side at which lines begin, is the same in both directions.
LANDMARKS = (
    *(".wordmark", ".site-search", ".ask-button", ".site-nav", "main"),
    *(".question-head", ".votes"),
)
TOLERANCE = 2
"""Pixels by which rounding may differ."""


@pytest.fixture
def path(database: Database, question: Post) -> str:
    with database.transaction() as session:
        for _ in range(2):
            make_answer(session, session.get_one(Post, question.id), make_user(session), text="Update it.")
    return f"/questions/{question.id}/{question.slug}"


def _starts(page: Page, *, is_mirrored: bool) -> dict[str, float]:
    """Return how far from the side where lines begin each landmark does."""
    width = page.evaluate("document.documentElement.clientWidth")
    boxes = {name: page.locator(name).first.bounding_box() for name in LANDMARKS}
    return {
        name: width - box["x"] - box["width"] if is_mirrored else box["x"]
        for name, box in boxes.items()
        if box
    }


@pytest.mark.parametrize("width", [390, 1440])
def test_a_page_in_arabic_is_the_mirror_of_one_in_english(
    browser: Chromium, address: str, path: str, width: int
) -> None:
    starts = []
    for language in ("en", "ar"):
        context = browser.new_context(
            base_url=address, locale=language, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        page.goto(path)
        starts.append(_starts(page, is_mirrored=language == "ar"))
        texts = [page.locator(name).first.inner_text() for name in (".site-nav", ".ask-button")]
        assert any("\u0600" <= letter <= "\u06ff" for letter in "".join(texts)) is (language == "ar")
        context.close()

    english, arabic = starts
    assert set(english) == set(arabic) >= {".site-nav", "main", ".question-head", ".votes"}
    # Words differ in length, so what stands behind others in a line may begin elsewhere.
    for name in (".wordmark", ".site-nav", "main", ".question-head", ".votes"):
        assert abs(english[name] - arabic[name]) <= TOLERANCE, name
    order = sorted(english, key=lambda name: english[name])
    for before, after in pairwise(order):
        assert arabic[before] <= arabic[after] + TOLERANCE, (before, after)


@pytest.mark.parametrize(("language", "scheme"), [("ar", "dark"), ("de", "light")])
def test_pages_in_other_languages_fit_and_have_no_faults(
    browser: Chromium, address: str, path: str, language: str, scheme: str
) -> None:
    context = browser.new_context(
        base_url=address, locale=language, color_scheme=scheme, viewport={"width": 320, "height": 800}
    )
    page = context.new_page()
    for here in ("/", path, "/help/formatting", "/search?q=dock", "/sign-in", "/appearance", "/nothing"):
        page.goto(here)
        assert faults_of(page) == [], here
    context.close()


def test_scripts_speak_the_language_that_was_chosen(page: Page, path: str) -> None:
    page.goto("/appearance")
    page.get_by_label("Language").select_option("de")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("html")).to_have_attribute("lang", "de")

    page.goto(path)
    page.locator("article.question .vote-button").first.click()
    expect(page.locator("[data-announcement]")).to_contain_text("Stimme")
    page.locator("#your-answer textarea").fill("Kurz.")

    expect(page.locator("#your-answer [data-shown]")).to_contain_text("Zeichen")
    assert "rtl" not in (page.locator("html").get_attribute("dir") or "")
