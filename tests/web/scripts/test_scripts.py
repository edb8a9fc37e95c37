"""The scripts, in a real browser. Everything they do works without them too, which the other tests show."""

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from forum.core.db import Database
from forum.posts.models import Post
from tests.factories import make_answer, make_question, make_user

pytestmark = pytest.mark.browser


def test_a_vote_counts_without_leaving_the_page(page: Page, question: Post) -> None:
    page.goto(f"/questions/{question.id}")
    page.evaluate("window.isSamePage = true")
    up = page.get_by_role("button", name="Vote up").first

    up.click()
    expect(page.locator("output.vote-score").first).to_contain_text("1")
    expect(up).to_have_attribute("aria-pressed", "true")
    # It is shown before the site has answered; a second vote counts once it has.
    said = page.locator("[data-announcement]")
    expect(said).to_have_text("You voted this up. It has 1 vote now.")
    expect(up).to_be_focused()

    up.click()
    expect(said).to_have_text("Your vote is taken back. It has 0 votes now.")
    expect(page.locator("output.vote-score").first).to_contain_text("0")
    assert page.evaluate("window.isSamePage")


def test_a_vote_that_does_not_arrive_is_taken_back_where_it_can_be_seen(page: Page, question: Post) -> None:
    page.goto(f"/questions/{question.id}")
    page.route("**/vote", lambda route: route.abort())
    up = page.get_by_role("button", name="Vote up").first

    up.click()

    expect(page.get_by_role("alert")).to_contain_text("did not arrive")
    expect(page.locator("output.vote-score").first).to_contain_text("0")
    expect(up).to_have_attribute("aria-pressed", "false")


def test_a_comment_appears_without_leaving_the_page(page: Page, question: Post) -> None:
    page.goto(f"/questions/{question.id}")
    page.evaluate("window.isSamePage = true")

    page.get_by_text("Add a comment").click()
    page.get_by_label("Your comment").fill("Which **firmware** is it?")
    page.get_by_role("button", name="Add comment").click()

    expect(page.locator(".comment strong")).to_have_text("firmware")
    assert page.evaluate("window.isSamePage")


def test_a_refusal_is_told_where_it_happened_and_loses_nothing(page: Page, question: Post) -> None:
    page.goto(f"/questions/{question.id}")
    page.get_by_text("Add a comment").click()
    page.get_by_label("Your comment").fill("x")
    page.get_by_role("button", name="Add comment").click()

    expect(page.get_by_role("alert")).to_contain_text("at least 2 characters")
    expect(page.get_by_label("Your comment")).to_have_value("x")

    page.get_by_label("Your comment").fill("Now it is long enough.")
    page.get_by_role("button", name="Add comment").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".comment")).to_have_count(1)


def test_the_preview_follows_the_text(page: Page) -> None:
    page.goto("/questions/ask")
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_be_hidden()

    page.get_by_label("Question", exact=True).fill("It stays **black**.\n\n<img src=x onerror=alert(1)>")

    expect(preview.locator("strong")).to_have_text("black", timeout=15_000)
    expect(page.get_by_role("button", name="Preview")).to_be_hidden()
    assert preview.locator("[onerror]").count() == 0


def test_tags_are_completed_by_keyboard(page: Page, question: Post) -> None:
    page.goto("/questions/ask")
    tags = page.get_by_label("Tags", exact=True).first

    tags.press_sequentially("wifi doc", delay=20)
    expect(page.get_by_role("option")).to_have_count(2)
    expect(tags).to_have_attribute("aria-expanded", "true")
    tags.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    name = chosen.locator("b").inner_text()
    tags.press("Enter")

    expect(tags).to_have_value(f"wifi {name} ")
    expect(page.get_by_role("option")).to_have_count(0)
    assert page.url.endswith("/questions/ask")


def test_a_double_click_asks_once(page: Page, database: Database) -> None:
    page.goto("/questions/ask")
    page.get_by_label("Title").fill("Why does a double click matter?")
    page.get_by_label("Question", exact=True).fill("Because people double-click everything they see.")
    page.get_by_label("Tags", exact=True).first.fill("clicks")
    page.get_by_role("main").get_by_role("button", name="Ask", exact=True).dblclick()

    expect(page.get_by_role("heading", level=1)).to_have_text("Why does a double click matter?")
    with database.reading() as session:
        assert session.query(Post).count() == 1


def test_leaving_a_page_with_unsent_text_asks_first(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/questions/ask")
    page.get_by_label("Title").click()
    page.get_by_label("Title").press_sequentially("Half a title")

    page.get_by_role("link", name="Tags").first.click()
    page.wait_for_url("**/tags")

    assert asked == ["beforeunload"]


def test_leaving_a_page_where_nothing_was_typed_asks_nothing(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/questions/ask")
    page.get_by_label("Title").click()

    page.get_by_role("link", name="Tags").first.click()
    page.wait_for_url("**/tags")

    assert asked == []


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen(page: Page, question: Post, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    paths = [
        "/questions/ask",
        "/settings",
        "/settings/password",
        "/help",
        "/help/formatting",
        "/help/searching",
    ]

    for path in (*paths, f"/posts/{question.id}/revisions", "/nothing-here"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_a_link_is_copied_and_says_so(page: Page, question: Post, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/questions/{question.id}")
    share = page.get_by_role("link", name="Share")
    expect(page.locator(".share-told")).to_have_count(1)

    share.click()

    expect(page.locator(".share-told")).to_have_text("Link copied")
    assert page.locator(".share-told").get_attribute("role") == "status"
    assert page.evaluate("navigator.clipboard.readText()") == f"{address}{share.get_attribute('href')}"
    assert page.url.endswith(question.slug)


def test_a_link_that_can_not_be_copied_is_followed(page: Page, question: Post) -> None:
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })")
    page.goto(f"/questions/{question.id}?sort=oldest")
    expect(page.locator(".share-told")).to_have_count(1)

    page.get_by_role("link", name="Share").click()

    page.wait_for_url(f"**/questions/{question.id}/{question.slug}")


def test_touch_shares_by_the_device(browser: Chromium, address: str, question: Post) -> None:
    context = browser.new_context(base_url=address, has_touch=True, is_mobile=True)
    phone = context.new_page()
    phone.add_init_script("navigator.share = async (shared) => { window.shared = shared; }")
    phone.goto(f"/questions/{question.id}")
    expect(phone.locator(".share-told")).to_have_count(1)

    phone.get_by_role("link", name="Share").tap()

    phone.wait_for_function("window.shared")
    assert phone.evaluate("window.shared.url") == f"{address}/questions/{question.id}/{question.slug}"
    context.close()


def test_data_for_search_engines_is_neither_run_nor_blocked(
    browser: Chromium, address: str, database: Database
) -> None:
    with database.transaction() as session:
        hostile = "</script><script>window.broken = true</script><!--"
        question = make_question(session, make_user(session), title=hostile)
        make_answer(session, question, make_user(session))
    page = browser.new_page(base_url=address)
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script("addEventListener('securitypolicyviolation', () => (window.violated = true))")

    page.goto(f"/questions/{question.id}")

    told = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text)")
    assert told[0]["mainEntity"]["name"] == hostile
    assert page.evaluate("[window.broken, window.violated]") == [None, None]
    assert said == []
    page.close()
