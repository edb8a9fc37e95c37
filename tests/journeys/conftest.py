"""A served site, and people at their browsers. No page may make a browser complain."""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from forum.accounts import actions as accounts
from forum.accounts.models import User
from tests.fixtures.browser import PATIENCE
from tests.journeys.live_site import LiveSite, serving
from tests.journeys.person import PASSWORD, Person


class Arrive(Protocol):
    def __call__(self, name: str = "", *, role: str = "member", **options: Any) -> Person: ...


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site that is shared with other modules; whoever counts or searches takes `own_site` instead."""
    with serving(tmp_path_factory.mktemp("journeys") / "site") as site:
        yield site


@pytest.fixture(scope="module")
def own_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """An empty site for one module."""
    with serving(tmp_path_factory.mktemp("journey") / "site") as site:
        yield site


@pytest.fixture
def arrive(browser: Browser, site: LiveSite) -> Iterator[Arrive]:
    """Let people come to the site: visitors without a name, signed-in members with one.

    A name that is known already is the same person in another browser. Nobody signs in by the form here:
    several tests do, and for all the others it would cost as much as what they are about.
    """
    people: list[Person] = []

    def arrive(name: str = "", *, role: str = "member", **options: Any) -> Person:
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        person = Person(context, site.address, name=name)
        people.append(person)
        if name:
            with site.database() as database, database.transaction() as session:
                user_id = session.scalar(select(User.id).where(User.name == name)) or accounts.create_user(
                    session, name=name, email="", password=PASSWORD, role=role
                )
                token = accounts.open_session(session, user_id)
            context.add_cookies([site.session_cookie(token)])
        return person

    yield arrive
    for person in people:
        person.context.close()
    assert [problem for person in people for problem in person.problems] == []
