import pytest
from sqlalchemy import func, select, text

import forum.wiring
from forum.accounts.models import User
from forum.checks.run import check, repair
from forum.checks.saved_searches import NEW_MATCHES, SAVED_SEARCHES
from forum.core.db import Database
from forum.saved_searches import actions
from forum.saved_searches.models import SavedSearch
from tests.factories import make_question
from tests.reputation.ledgers import join

assert forum.wiring.metadata.tables

FAMILIES = (SAVED_SEARCHES, NEW_MATCHES)


@pytest.fixture(autouse=True)
def matches(database: Database) -> None:
    """Two people with saved searches, one of them with three new matches in two of them."""
    with database.transaction() as session:
        threads = [make_question(session).id for _ in range(2)]
        for person in join(session, 2):
            docks = actions.save(session, person, name="", text="dock", sort="").id
            hubs = actions.save(session, person, name="", text="hub", sort="").id
        actions.note_matches(session, docks, {thread: thread for thread in threads})
        actions.note_matches(session, hubs, {threads[0]: threads[0]})


def kinds(database: Database) -> set[str]:
    found: set[str] = set()
    check(database, FAMILIES, report=lambda one: found.add(one.kind), announce=lambda _name: None)
    return found


def counts(database: Database) -> list[int]:
    with database.reading() as session:
        people = session.scalars(select(User.new_match_count).order_by(User.id)).all()
        return [*people, session.execute(select(func.sum(SavedSearch.new_count))).scalar_one()]


def test_what_the_actions_counted_adds_up(database: Database) -> None:
    assert counts(database) == [0, 3, 3]
    assert kinds(database) == set()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE saved_search SET new_count = 7", "saved_search.new_count"),
        ('UPDATE "user" SET new_match_count = 7', "user.new_match_count"),
    ],
)
def test_wrong_counts_are_found_and_mended(database: Database, statement: str, kind: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))

    assert kind in kinds(database)
    repair(database, FAMILIES, announce=lambda _name: None)

    assert kinds(database) == set()
    assert counts(database) == [0, 3, 3]


def test_matches_that_vanish_are_counted_out_everywhere(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("DELETE FROM saved_search_match"))

    repair(database, FAMILIES, announce=lambda _name: None)

    assert kinds(database) == set()
    assert counts(database) == [0, 0, 0]
