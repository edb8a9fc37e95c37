"""Counting on both databases, by several processes at once, and forgetting."""

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from forum.core import clock
from forum.core.db import Database
from forum.images.storage import Folder
from forum.searches import actions, rules
from forum.searches.models import AskOutcome, SearchDay, SearchText
from forum.searches.rules import Outcome, SearchCounts
from forum.worker.housekeeping import sweep
from tests.factories import make_answer, make_question

DAY = date(2026, 11, 3)
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def _texts(database: Database) -> dict[str, tuple[int, int, int, int, int, int]]:
    with database.reading() as session:
        return {
            row.text: (
                row.search_count,
                row.empty_count,
                row.relaxed_count,
                row.opened_count,
                row.solved_count,
                row.result_count,
            )
            for row in session.scalars(select(SearchText))
        }


def _outcomes(database: Database) -> list[AskOutcome]:
    with database.reading() as session:
        return list(session.scalars(select(AskOutcome).order_by(AskOutcome.id)))


def test_counts_of_one_day_and_text_add_up(database: Database) -> None:
    first = {
        (DAY, "wifi [ubuntu]"): SearchCounts(searches=2, relaxed=1, results=9),
        (DAY, "beep"): SearchCounts(searches=1, empty=1),
    }
    second = {
        (DAY, "wifi [ubuntu]"): SearchCounts(opened=1, solved=1),
        (DAY, "beep"): SearchCounts(searches=1, results=3),
    }
    for counts in (first, second):
        with database.transaction() as session:
            actions.count_searches(session, counts)

    assert _texts(database) == {"wifi [ubuntu]": (2, 0, 1, 1, 1, 9), "beep": (2, 1, 0, 0, 0, 3)}
    with database.reading() as session:
        day = session.get_one(SearchDay, DAY)
        assert (day.search_count, day.empty_count, day.relaxed_count) == (4, 1, 1)
        assert (day.opened_count, day.solved_count) == (1, 1)
        assert session.get_one(SearchText, (DAY, "wifi [ubuntu]")).tag_names == "ubuntu"


def test_a_text_that_may_not_be_kept_counts_for_its_day_only(database: Database) -> None:
    with database.transaction() as session:
        actions.count_searches(session, {(DAY, ""): SearchCounts(searches=5)})

    assert _texts(database) == {}
    with database.reading() as session:
        assert session.get_one(SearchDay, DAY).search_count == 5


def test_a_day_keeps_a_bounded_number_of_texts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "TEXTS_PER_DAY", 3)
    for texts in (("a1", "b2"), ("z1", "b2", "c3", "d4"), ("e5", "a1")):
        with database.transaction() as session:
            actions.count_searches(session, {(DAY, text): SearchCounts(searches=1) for text in texts})

    kept = _texts(database)

    assert sorted(kept) == ["a1", "b2", "z1"]
    assert (kept["a1"][0], kept["b2"][0]) == (2, 2)
    with database.reading() as session:
        assert session.get_one(SearchDay, DAY).search_count == 8


def test_processes_that_count_the_same_at_once_lose_nothing(database: Database) -> None:
    texts = [f"text {number}" for number in range(12)]
    failures: list[Exception] = []
    started = threading.Barrier(4)

    def count(order: int) -> None:
        started.wait()
        try:
            for _ in range(10):
                with database.transaction() as session:
                    mine = texts if order % 2 else texts[::-1]
                    counts = {(DAY, text): SearchCounts(searches=1, opened=1, results=2) for text in mine}
                    actions.count_searches(session, counts)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=count, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert _texts(database) == dict.fromkeys(texts, (40, 0, 0, 40, 0, 2))
    with database.reading() as session:
        assert session.get_one(SearchDay, DAY).search_count == 480


def test_an_outcome_names_the_best_solved_thread_that_was_offered(database: Database) -> None:
    with database.transaction() as session:
        questions = [make_question(session) for _ in range(4)]
        for question in questions[2:]:
            make_answer(session, question, accepted=True)
        asked, unsolved, solved, better = (question.id for question in questions)
    with clock.frozen(NOON), database.transaction() as session:
        actions.note_outcome(
            session,
            outcome=Outcome.ASKED,
            title="  Why does the DOCK beep? ",
            thread_id=asked,
            offered=[unsolved, better, solved],
            tags=["docks", "usb-c"],
        )

    (row,) = _outcomes(database)

    assert (row.day, row.outcome, row.title) == (DAY, "asked", "why does the dock beep?")
    assert (row.thread_id, row.solved_id, row.offered_count) == (asked, better, 3)
    assert row.tag_names == "docks usb-c"


def test_ids_that_are_no_visible_question_are_left_out(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session)
        answer = make_answer(session, question, accepted=True)
        gone = make_question(session, deleted_at=NOON)
        ids = [answer.id, gone.id, 4711, question.id]
        actions.note_outcome(
            session, outcome=Outcome.SOLVED, title="Beeps", thread_id=4711, offered=ids, tags=[]
        )
        actions.note_outcome(
            session, outcome=Outcome.NONE_FIT, title="Beeps", thread_id=None, offered=[], tags=[]
        )

    first, second = _outcomes(database)

    assert (first.thread_id, first.solved_id, first.offered_count) == (None, question.id, 1)
    assert (second.thread_id, second.solved_id, second.offered_count) == (None, None, 0)


def test_what_is_older_than_the_retention_is_forgotten(database: Database, tmp_path: Path) -> None:
    first_kept = rules.oldest_kept(DAY)
    too_old = first_kept - timedelta(days=1)
    with database.transaction() as session:
        counts = {(day, "wifi"): SearchCounts(searches=1) for day in (too_old, first_kept, DAY)}
        actions.count_searches(session, counts)
        for day in (too_old, first_kept):
            session.add(AskOutcome(day=day, outcome="asked", title="beep", offered_count=0))

    with clock.frozen(NOON):
        sweep(database, Folder(tmp_path))

    with database.reading() as session:
        for table in (SearchDay, SearchText):
            assert set(session.scalars(select(table.day))) == {first_kept, DAY}
        assert list(session.scalars(select(AskOutcome.day))) == [first_kept]


def test_no_table_has_a_place_for_a_person_or_a_time_of_day(database: Database) -> None:
    with database.reader.connect() as connection:
        columns = {
            table: {column["name"] for column in inspect(connection).get_columns(table)}
            for table in ("search_day", "search_text", "ask_outcome")
        }
        kinds = {
            str(column["type"])
            for table in columns
            for column in inspect(connection).get_columns(table)
            if column["name"] == "day"
        }

    counts = {"search_count", "empty_count", "relaxed_count", "opened_count", "solved_count"}
    assert columns == {
        "search_day": {"day", *counts},
        "search_text": {"day", "text", "result_count", "tag_names", *counts},
        "ask_outcome": {
            "id", "day", "outcome", "title", "thread_id", "offered_count", "solved_id", "tag_names"
        },
    }  # fmt: skip
    assert kinds == {"DATE"}
