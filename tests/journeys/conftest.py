"""A served site for each module, and people at their browsers. No page may make a browser complain."""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, expect

from forum.accounts import actions as accounts
from tests.fixtures.browser import PATIENCE
from tests.journeys.live_site import LiveSite, serving
from tests.journeys.person import PASSWORD, Person


class Arrive(Protocol):
    def __call__(self, name: str = "", *, role: str = "member", **options: Any) -> Person: ...


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
