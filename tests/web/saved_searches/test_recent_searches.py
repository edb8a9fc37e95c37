"""The last searches, which a browser keeps for itself, in a real browser."""

from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Chromium, app: Flask) -> Iterator[Page]:
    """A page of a visitor; at the end no script may have failed."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    # So soon it sees that it is to end.
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    context = browser.new_context(base_url=f"http://127.0.0.1:{server.port}")
    opened = context.new_page()
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.goto("/saved-searches")
    yield opened
    context.close()
    server.shutdown()
    serving.join()
    server.server_close()
    assert problems == []


def run(page: Page, code: str) -> object:
    """Run code that names the functions of the module."""
    address = page.evaluate("document.querySelector('script[src*=recent-searches]').src")
    module = f"const recents = await import('{address}');"
    return page.evaluate(f"async () => {{ {module} {code} }}")


def test_the_last_ten_searches_are_kept_each_once_and_the_latest_first(page: Page) -> None:
    for number in range(12):
        run(page, f"recents.remember('dock {number}')")
    run(page, "recents.remember('  DOCK   5 '); recents.remember('  ')")

    kept = run(page, "return recents.recent()")

    assert kept == ["DOCK 5", *(f"dock {number}" for number in (11, 10, 9, 8, 7, 6, 4, 3, 2))]


def test_they_are_listed_and_can_be_forgotten(page: Page) -> None:
    section = page.locator(".recent-searches")
    expect(section).to_be_hidden()
    run(page, "recents.remember('[wifi] <b>drops</b> & more')")
    page.reload()

    link = page.get_by_role("link", name="[wifi] <b>drops</b> & more")
    expect(link).to_have_attribute("href", "/search?q=%5Bwifi%5D+%3Cb%3Edrops%3C%2Fb%3E+%26+more")
    page.get_by_role("button", name="Forget them").click()

    expect(section).to_be_hidden()
    expect(page.get_by_text("Your recent searches are forgotten.")).to_have_count(1)
    assert run(page, "return recents.recent()") == []


@pytest.mark.parametrize("foreign", ["not JSON", '{"a": 1}', "[1, null]"])
def test_what_is_not_ours_in_the_storage_is_no_search(page: Page, foreign: str) -> None:
    page.evaluate("text => localStorage.setItem('recent-searches', text)", foreign)

    assert run(page, "return recents.recent()") == []
    run(page, "recents.remember('dock')")
    assert run(page, "return recents.recent()") == ["dock"]


def test_searching_works_where_nothing_can_be_stored(page: Page) -> None:
    page.evaluate("Object.defineProperty(window, 'localStorage', {get() { throw new Error('off'); }})")

    assert run(page, "recents.remember('dock'); recents.forgetAll(); return recents.recent()") == []
