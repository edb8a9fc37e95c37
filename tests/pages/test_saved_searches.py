import pytest

import forum.wiring
from forum.core.db import Database
from forum.core.errors import NotFound
from forum.pages import saved_searches as pages
from forum.saved_searches import actions
from tests.factories import make_answer, make_question
from tests.reputation.ledgers import join
from tests.statements import recorded

assert forum.wiring.metadata.tables


@pytest.mark.parametrize("matches", [1, 30])
def test_the_number_of_statements_does_not_grow_with_what_is_shown(database: Database, matches: int) -> None:
    with database.transaction() as session:
        (person,) = join(session, 1)
        ids = [
            actions.save(session, person, name="", text=f"dock {number}", sort="").id
            for number in range(matches)
        ]
        threads = [make_question(session) for _ in range(matches)]
        latest = [make_answer(session, thread) for thread in threads]
        found = {thread.id: answer.id for thread, answer in zip(threads, latest, strict=True)}
        actions.note_matches(session, ids[0], found)

    with recorded(database) as list_statements, database.reading() as session:
        page = pages.listed(session, person)
    with recorded(database) as page_statements, database.reading() as session:
        shown = pages.load(session, person, ids[0])
    with recorded(database) as button_statements, database.reading() as session:
        saved = pages.saved_as(session, person, "DOCK 0")

    assert (len(list_statements), len(page_statements), len(button_statements)) == (1, 3, 1)
    assert len(page.searches) == matches
    assert [match.latest.id for match in shown.matches] == [answer.id for answer in reversed(latest)]
    assert shown.left == 0
    assert saved is not None
    assert saved.new_count == matches


def test_when_the_latest_answer_is_deleted_the_thread_is_shown(database: Database) -> None:
    with database.transaction() as session:
        (person,) = join(session, 1)
        saved_id = actions.save(session, person, name="", text="dock", sort="").id
        question = make_question(session)
        gone = make_answer(session, question, deleted_at=question.created_at)
        actions.note_matches(session, saved_id, {question.id: gone.id})

    with database.reading() as session:
        (match,) = pages.load(session, person, saved_id).matches

    assert match.latest.id == match.thread.id == question.id
    assert match.url.startswith(f"/questions/{question.id}/")


def test_what_somebody_else_saved_is_not_found(database: Database) -> None:
    with database.transaction() as session:
        owner, stranger = join(session, 2)
        saved_id = actions.save(session, owner, name="", text="dock", sort="").id

    with database.reading() as session, pytest.raises(NotFound):
        pages.load(session, stranger, saved_id)


def test_a_visitor_has_saved_nothing_and_costs_no_statement(database: Database) -> None:
    with recorded(database) as statements, database.reading() as session:
        assert pages.saved_as(session, None, "dock") is None

    assert len(statements) == 0


def test_what_has_new_matches_comes_first(database: Database) -> None:
    with database.transaction() as session:
        (person,) = join(session, 1)
        first, second, third = (
            actions.save(session, person, name="", text=text, sort="").id for text in ("dock", "hub", "fan")
        )
        question = make_question(session)
        actions.note_matches(session, second, {question.id: question.id})

    with database.reading() as session:
        page = pages.listed(session, person)

    assert [search.id for search in page.searches] == [second, third, first]
    assert not page.is_full
