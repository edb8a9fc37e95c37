"""A solved question about kettles, which others are about to ask again."""

from playwright.sync_api import Browser, Locator

from tests.journeys.live_site import LiveSite
from tests.journeys.person import Person
from tests.journeys.threads import member, write_thread

SOLVED = "Kettle switches off before the water boils"
REPEATED = "My kettle switches off before water boils"
TEXT = "It clicks <b>too</b> early.\n\n    80 degrees\n\nThe lid is closed."


def write_solution(browser: Browser, site: LiveSite) -> None:
    """Write the solved question, and wait until search knows it."""
    with site.database() as database, database.transaction() as session:
        asker, answerer = (member(session, name) for name in ("Ada Asked", "Bo Answered"))
        write_thread(
            session,
            asker,
            title=SOLVED,
            text="It clicks at eighty degrees.",
            tags=["kettles"],
            answers=[(answerer, "Remove the lime below the sensor of the kettle.")],
            accepts=0,
        )
    visitor = Person(browser.new_context(), site.address)
    visitor.seconds_until_found(SOLVED)
    visitor.context.close()


def seen_first(person: Person) -> Locator:
    """Return what is shown before a question is posted that is solved already."""
    return person.page.get_by_role("region", name="already solve it")
