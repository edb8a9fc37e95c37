"""A search is saved, what newly matches is counted once the worker has looked, and gone once it is seen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.live_site import serving
from tests.journeys.person import Person
from tests.journeys.threads import member, write_thread

pytestmark = pytest.mark.browser

WORDS = "harmonium bellows"
EARLIER = "Which glue for the bellows of a harmonium?"
LATER = "Harmonium bellows lose air in winter"


@pytest.fixture
def people(browser: Browser) -> Iterator[tuple[Person, Person]]:
    """Two people, of whom the second has no scripts; no page may make their browsers complain."""
    contexts = [browser.new_context(java_script_enabled=has_scripts) for has_scripts in (True, False)]
    scripted, plain = (Person(context, "") for context in contexts)
    yield scripted, plain
    for context in contexts:
        context.close()
    assert scripted.problems + plain.problems == []


def test_a_new_match_is_counted_in_the_menu_until_it_is_seen(
    people: tuple[Person, Person], tmp_path: Path
) -> None:
    data_dir = tmp_path / "site"
    with serving(data_dir) as site:
        with site.database() as database, database.transaction() as session:
            asker = member(session, "Ada Asks")
            write_thread(session, asker, title=EARLIER, text="The cloth comes off.", tags=["reeds"])
        for person, name in zip(people, ("Bo Saves", "Cy Saves"), strict=True):
            person.address = site.address
            person.register(name)
            person.seconds_until_found(WORDS)
            _save_this_search(person)
            expect(_menu(person)).not_to_contain_text("new")
        with site.database() as database, database.transaction() as session:
            write_thread(session, asker, title=LATER, text="They hiss and stay silent.", tags=["reeds"])
        people[0].seconds_until_found(WORDS, showing=LATER)

    # A worker looks for new matches once a minute, and first of all when it has started.
    with serving(data_dir) as site:
        for person in people:
            person.address = site.address
            person.go("/")
            person.reload_until(_menu(person).filter(has_text="1 new"))
            _see_the_match(person)


def _save_this_search(person: Person) -> None:
    person.page.get_by_text("Save this search").click()
    person.page.get_by_label("Name", exact=True).fill("Bellows")
    person.page.get_by_role("button", name="Save", exact=True).click()
    expect(person.page.get_by_role("status")).to_contain_text("Saved as “Bellows”")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("1 result")
    expect(person.page.get_by_role("link", name="Bellows", exact=True)).to_be_visible()


def _see_the_match(person: Person) -> None:
    _menu(person).locator("summary").click()
    _menu(person).get_by_role("link", name="Saved searches").click()
    expect(person.page.get_by_role("link", name="1 new", exact=True)).to_be_visible()
    person.page.get_by_role("link", name="Bellows", exact=True).click()
    main = person.page.get_by_role("main")
    expect(main.get_by_role("link", name=LATER)).to_be_visible()
    expect(main.get_by_role("link", name=EARLIER)).to_have_count(0)

    main.get_by_role("button", name="Mark as seen").click()

    expect(person.page.get_by_role("status").first).to_have_text("The matches are marked as seen.")
    expect(person.page.get_by_text("nothing new")).to_be_visible()
    expect(_menu(person)).not_to_contain_text("new")


def _menu(person: Person) -> Locator:
    return person.page.locator(".account-menu")
