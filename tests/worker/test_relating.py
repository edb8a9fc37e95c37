"""The worker finds related questions: of what was indexed, has none, or was looked at long ago."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from forum.core import clock
from forum.core.db import Database
from forum.pages.question import load
from forum.pages.thread import RELATED_SHOWN
from forum.posts.actions.asking import ask
from forum.posts.actions.editing import edit_post
from forum.posts.models import QuestionLink, RelatedQuestions
from forum.search.engine import Hit, SearchUnavailable, SimilarQuery
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.worker import relating
from forum.worker.relating import Relating
from tests.factories import make_question
from tests.reputation.ledgers import join

FLICKER = "Display {} flickers on battery"
TEXT = "It worked yesterday and does not work today."


class Counting(MemoryEngine):
    """An index that counts how often similar threads were looked for, and may refuse one or be away."""

    def __init__(self) -> None:
        super().__init__(analyses_for("en"))
        self.searches = 0
        self.refused = ""
        self.is_away = False

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        self.searches += 1
        if self.is_away:
            raise SearchUnavailable("There is no search index.")
        if query.title == self.refused:
            raise ZeroDivisionError
        return super().similar(query)


@pytest.fixture
def engine(database: Database) -> Counting:
    """An index of three questions about the same and ten about something else."""
    with database.transaction() as session:
        for number in range(3):
            make_question(session, title=FLICKER.format(number), text=TEXT)
        for number in range(10):
            make_question(session, title=f"Printer {number} is slow", text="A page takes a minute.")
    made = Counting()
    Indexer(database, made).reindex()
    return made


def finish(relating: Relating) -> None:
    """Let it look for all that is due."""
    while relating.turn():
        pass


def found(database: Database) -> dict[int, set[int]]:
    with database.reading() as session:
        return {
            row.question_id: set(map(int, row.ids.split()))
            for row in session.scalars(select(RelatedQuestions))
        }


def test_all_questions_are_gone_over_after_the_start(database: Database, engine: Counting) -> None:
    finish(Relating(database, engine))

    related = found(database)
    assert len(related) == 13
    assert [related[id] for id in (1, 2, 3)] == [{2, 3}, {1, 3}, {1, 2}]


def test_nothing_is_looked_for_twice(database: Database, engine: Counting) -> None:
    finish(Relating(database, engine))
    finish(again := Relating(database, engine))
    again.note([1, 2, 3])
    finish(again)

    assert engine.searches == 13


def test_a_new_question_gets_some_once_it_is_in_the_index(database: Database, engine: Counting) -> None:
    worker = Relating(database, engine)
    finish(worker)
    with database.transaction() as session:
        (person,) = join(session, 1)
        asked = ask(session, person, title=FLICKER.format("of mine"), source=TEXT, tags=("displays",)).post_id

    finish(worker)
    assert asked not in found(database)
    Indexer(database, engine, note=worker.note).drain()
    finish(worker)

    assert found(database)[asked] == {1, 2, 3}


def test_an_edited_question_is_looked_for_again(
    database: Database, engine: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Relating(database, engine)
    with database.transaction() as session:
        (person,) = join(session, 1)
        asked = ask(session, person, title="Something else entirely", source=TEXT, tags=("displays",)).post_id
    Indexer(database, engine, note=worker.note).drain()
    finish(worker)
    assert not found(database)[asked] & {4, 5, 6}

    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with database.transaction() as session:
        title, text = "Printer 99 is slow", "A page takes a minute."
        edit_post(session, person, asked, title=title, source=text, tags=("displays",), based_on=1)
    Indexer(database, engine, note=worker.note).drain()
    finish(worker)

    assert found(database)[asked] >= {4, 5, 6}


def test_they_are_looked_for_again_after_a_month(
    database: Database, engine: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(Relating(database, engine))
    later = clock.now() + relating.FRESH + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    finish(worker := Relating(database, engine))
    finish(worker)

    assert engine.searches == 26


def test_a_portion_ends_when_its_time_is_up(
    database: Database, engine: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relating, "PORTION_SECONDS", 0.0)
    worker = Relating(database, engine)

    assert worker.turn()
    assert engine.searches == 1
    finish(worker)
    assert len(found(database)) == 13


def test_one_that_fails_keeps_no_other_from_it(database: Database, engine: Counting) -> None:
    engine.refused = FLICKER.format(1)

    finish(Relating(database, engine))

    assert set(found(database)) == set(range(1, 14)) - {2}


def test_without_an_index_they_are_still_due(database: Database, engine: Counting) -> None:
    worker = Relating(database, engine)
    engine.is_away = True
    with pytest.raises(SearchUnavailable):
        worker.turn()

    engine.is_away = False
    finish(worker)

    assert len(found(database)) == 13


def test_too_many_changes_at_once_are_found_by_going_over_all(
    database: Database, engine: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relating, "MOST_DUE", 4)
    worker = Relating(database, engine)

    worker.note(range(1, 14))
    finish(worker)

    assert len(found(database)) == 13


def test_they_stand_on_the_page_without_those_that_are_linked(database: Database, engine: Counting) -> None:
    finish(Relating(database, engine))
    with database.transaction() as session:
        session.add(QuestionLink(from_id=1, to_id=2, kind="mention", created_at=clock.now()))

    with database.reading() as session:
        page, printer = load(session, None, 1), load(session, None, 4)

    assert [other.id for other in page.linked] == [2]
    assert [other.id for other in page.related] == [3]
    assert len(printer.related) == RELATED_SHOWN
