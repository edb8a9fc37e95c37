"""A served site for each module, and people at their browsers. No page may make a browser complain."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from forum.accounts import actions as accounts
from tests.journeys.live_site import LiveSite, serving
from tests.journeys.person import PASSWORD, Person

PATIENCE = 15_000
"""Milliseconds to wait for what should be on a page, on a machine that runs other tests besides."""


class Arrive(Protocol):
    def __call__(self, name: str = "", *, role: str = "member", **options: Any) -> Person: ...


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """An empty site."""
    with serving(tmp_path_factory.mktemp("journey") / "site") as site:
        yield site


@pytest.fixture
def arrive(browser: Browser, site: LiveSite) -> Iterator[Arrive]:
    """Let people come to the site: visitors without a name, signed-in members with one."""
    people: list[Person] = []

    def arrive(name: str = "", *, role: str = "member", **options: Any) -> Person:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        person = Person(context, site.address, name=name)
        people.append(person)
        if name:
            with site.database() as database, database.transaction() as session:
                accounts.create_user(session, name=name, email="", password=PASSWORD, role=role)
            person.go("/sign-in")
            person.sign_in()
            expect(person.page.locator(".account-menu")).to_be_visible()
        return person

    yield arrive
    for person in people:
        person.context.close()
    assert [problem for person in people for problem in person.problems] == []
