"""What is shown of the counts: only what is frequent, in bounded lists, of the time that was asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from forum.core import clock
from forum.core.db import Database
from forum.searches import actions, queries
from forum.searches.models import AskOutcome
from forum.searches.queries import AskedAgain, DayOutcomes
from forum.searches.rules import Outcome, SearchCounts
from tests.factories import make_answer, make_question

TODAY = date(2026, 11, 3)
SINCE = TODAY - timedelta(days=29)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def count(database: Database, *rows: tuple[date, str, SearchCounts]) -> None:
    """Count searches, each with its day and text."""
    with database.transaction() as session:
        for day, text, counts in rows:
            actions.count_searches(session, {(day, text): counts})


def test_texts_are_shown_once_they_were_searched_three_times_or_on_two_days(database: Database) -> None:
    yesterday = TODAY - timedelta(days=1)
    count(
        database,
        (TODAY, "twice on one day", SearchCounts(searches=2, empty=2)),
        (TODAY, "three times", SearchCounts(searches=3, empty=3)),
        (TODAY, "on two days", SearchCounts(searches=1, empty=1)),
        (yesterday, "on two days", SearchCounts(searches=1, empty=1)),
        (SINCE - timedelta(days=1), "twice on one day", SearchCounts(searches=5, empty=5)),
        # Opening is no search: it makes nothing frequent.
        (yesterday, "twice on one day", SearchCounts(opened=1)),
    )

    with database.reading() as session:
        shown = queries.nothing_found(session, SINCE)

    assert [(row.text, row.searches, row.days, row.empty) for row in shown] == [
        ("three times", 3, 1, 3),
        ("on two days", 2, 2, 2),
    ]


def test_what_was_found_and_not_opened_is_told_from_what_was_not_found(database: Database) -> None:
    count(
        database,
        (TODAY, "opened at once", SearchCounts(searches=4, opened=4, results=3)),
        (TODAY, "never found", SearchCounts(searches=4, empty=4)),
        (TODAY, "half opened", SearchCounts(searches=4, opened=2, results=8)),
        (TODAY - timedelta(days=1), "passed over", SearchCounts(searches=3, relaxed=2, results=17)),
        (TODAY, "passed over", SearchCounts(searches=1, results=19)),
        # Another process counted more openings than searches; that takes nothing off other days.
        (TODAY - timedelta(days=2), "half opened", SearchCounts(searches=1, opened=3, results=8)),
    )

    with database.reading() as session:
        shown = queries.nothing_opened(session, SINCE)

    assert [
        (row.text, row.searches, row.opened, row.relaxed, row.results, row.last_day) for row in shown
    ] == [
        ("passed over", 4, 0, 2, 19, TODAY),
        ("half opened", 5, 5, 0, 8, TODAY),
    ]


def test_lists_of_texts_are_bounded(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST_TEXTS", 2)
    count(
        database, *((TODAY, f"text {number}", SearchCounts(searches=9, empty=number)) for number in (1, 2, 3))
    )

    with database.reading() as session:
        shown = queries.nothing_found(session, SINCE)

    assert [row.text for row in shown] == ["text 3", "text 2"]


def test_questions_that_were_asked_again_are_shown_with_the_thread_that_was_offered(
    database: Database,
) -> None:
    with clock.frozen(NOON), database.transaction() as session:
        solved, gone = make_question(session, title="Solved, really"), make_question(session)
        for question in (solved, gone):
            make_answer(session, question, accepted=True)
        asked, hidden = make_question(session, title="Asked, again"), make_question(session, deleted_at=NOON)
        ids = {"solved": solved.id, "gone": gone.id, "asked": asked.id, "hidden": hidden.id}
        for thread, offered in (("asked", "solved"), ("asked", "gone"), ("hidden", "solved")):
            session.add(
                AskOutcome(
                    day=TODAY,
                    outcome="asked",
                    title="again",
                    thread_id=ids[thread],
                    offered_count=1,
                    solved_id=ids[offered],
                )
            )
        gone.deleted_at = NOON

    with database.reading() as session:
        shown = queries.asked_again(session, SINCE)
        outcomes = queries.outcomes_by_day(session, SINCE)

    assert shown == (
        AskedAgain(
            TODAY,
            ids["asked"],
            "Asked, again",
            "asked-again",
            ids["solved"],
            "Solved, really",
            "solved-really",
        ),
    )
    assert outcomes == (DayOutcomes(TODAY, Outcome.ASKED, 3, 3),)


def test_questions_come_with_their_first_visible_answer(database: Database) -> None:
    hour = timedelta(hours=1)
    with database.transaction() as session:
        make_question(session, tags=("old",), created_at=NOON - timedelta(days=60))
        make_question(session, tags=("gone",), created_at=NOON, deleted_at=NOON)
        question = make_question(session, tags=("wifi", "usb-c"), created_at=NOON)
        make_answer(session, question, created_at=NOON + hour, deleted_at=NOON + 2 * hour)
        for hours in (5, 3):
            make_answer(session, question, created_at=NOON + hours * hour)
        make_question(session, tags=("beeps",), created_at=NOON + hour)

    with database.reading() as session:
        newest, older = queries.asked_questions(session, SINCE)

    assert (newest.tags, newest.answer_count, newest.first_answer_at) == (("beeps",), 0, None)
    assert (older.tags, older.first_answer_at) == (("wifi", "usb-c"), NOON + 3 * hour)
