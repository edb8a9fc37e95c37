"""The scripts, in a real browser. Everything they do works without them too, which the other tests show."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from forum.app import create_app
from forum.core.db import Database, open_database
from forum.core.settings import Settings
from forum.posts.models import Post
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from tests.factories import make_question, make_tag, make_user
from tests.web.browser import sign_in_as

pytestmark = pytest.mark.browser


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    yield opened
    opened.dispose()


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    settings = Settings(data_dir=tmp_path, log_level="error")
    made = create_app(settings, database=database, engine=MemoryEngine(analyses_for("en")))
    yield made
    made.extensions["askwell"].activity.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serving = Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def page(browser: Chromium, app: Flask, database: Database, address: str) -> Iterator[Page]:
    """A page of somebody who has signed in; at the end it must not have broken any rule of ours."""
    person = sign_in_as(app, database, "Mary Member")
    cookie = person.client.get_cookie("session")
    assert cookie is not None
    context = browser.new_context(base_url=address)
    context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on(
        "console", lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None
    )
    yield opened
    context.close()
    assert problems == []


@pytest.fixture
def question(database: Database) -> Post:
    with database.transaction() as session:
        for name in ("docks", "documents", "wifi"):
            make_tag(session, name, excerpt=f"All about {name}.")
        return make_question(session, make_user(session), title="Why does the dock not wake?", tags=["wifi"])


def test_a_vote_counts_without_leaving_the_page(page: Page, question: Post) -> None:
    page.goto(f"/questions/{question.id}")
    page.evaluate("window.isSamePage = true")
    up = page.get_by_role("button", name="Vote up").first

    up.click()
    expect(page.locator("output.vote-score").first).to_contain_text("1")
    expect(up).to_have_attribute("aria-pressed", "true")
    expect(up).to_be_focused()

    up.click()
    expect(page.locator("output.vote-score").first).to_contain_text("0")
    assert page.evaluate("window.isSamePage")


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
