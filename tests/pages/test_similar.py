"""What is shown of threads about the same, on which index and database agree."""

from dataclasses import replace

import pytest
from sqlalchemy import update

import forum.wiring
from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.errors import NotFound
from forum.pages import similar
from forum.pages.similar import SimilarThread
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.search.engine import Hit, SearchUnavailable, SimilarQuery
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from tests.factories import make_answer, make_outdated_mark, make_question, make_user
from tests.statements import recorded

assert forum.wiring.SEARCH

TITLE = "Dock loses the network after a minute"


class Counting(MemoryEngine):
    """An index that counts how often it is asked."""

    def __init__(self, database: Database) -> None:
        super().__init__(analyses_for("en"))
        Indexer(database, self).reindex()
        self.calls = 0

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        self.calls += 1
        return super().similar(query)


@pytest.fixture
def engine(database: Database) -> Counting:
    """An index over a solved thread, one that has no accepted answer, and one about something else."""
    with database.transaction() as session:
        otto, eve = make_user(session, "Otto"), make_user(session, "Eve")
        solved = make_question(session, otto, title=TITLE, text="The lamp glows on.", score=4)
        make_answer(session, solved, otto, text="Buy another cable.", score=1)
        make_answer(
            session, solved, eve, text="Disable selective suspend of the network adapter.", accepted=True
        )
        unsolved = make_question(session, eve, title="Dock loses its network", tags=("docks",))
        make_answer(session, unsolved, otto, text="Which dock?")
        make_answer(session, make_question(session, title="Printer is slow"), eve, accepted=True)
    return Counting(database)


def _load(database: Database, engine: Counting, query: SimilarQuery) -> tuple[SimilarThread, ...]:
    with database.reading() as session:
        return similar.load(session, engine, query)


def test_a_solved_thread_comes_with_the_passage_that_fits_and_leads_to_its_answer(
    database: Database, engine: Counting
) -> None:
    (found,) = _load(database, engine, similar.asked("Dock loses network adapter"))

    assert (found.title, found.thread.question_score, found.thread.answer_count) == (TITLE, 4, 2)
    assert found.is_solved
    assert found.is_convincing
    assert ("network", True) in found.snippet
    assert "selective suspend of the network adapter" in found.text
    assert found.answer_id == found.thread.accepted_answer_id
    assert found.path == f"/answers/{found.answer_id}"


def test_a_passage_of_the_question_leads_to_the_accepted_answer_too(
    database: Database, engine: Counting
) -> None:
    (found,) = _load(database, engine, similar.asked("lamp glows"))

    assert not found.passage_of.is_answer
    assert not found.is_convincing
    assert found.path == f"/answers/{found.thread.accepted_answer_id}"


def test_threads_without_a_solution_are_shown_to_those_who_close_only(
    database: Database, engine: Counting
) -> None:
    query = replace(similar.asked("Dock loses its network"), only_solved=False)

    titles = [found.title for found in _load(database, engine, query)]

    assert sorted(titles) == sorted([TITLE, "Dock loses its network"])


def test_it_costs_one_call_of_the_engine_and_two_statements(database: Database, engine: Counting) -> None:
    with recorded(database) as statements:
        _load(database, engine, similar.asked("Dock loses its network, and the printer is slow"))

    assert (engine.calls, len(statements)) == (1, 2)


def test_what_finds_nothing_asks_the_database_nothing(database: Database, engine: Counting) -> None:
    with recorded(database) as statements:
        assert _load(database, engine, similar.asked("Zebra crossing")) == ()
        assert _load(database, engine, similar.asked("  ")) == ()

    assert (engine.calls, len(statements)) == (1, 0)


def test_what_was_deleted_or_is_no_longer_solved_is_not_shown_although_the_index_has_it(
    database: Database, engine: Counting
) -> None:
    for change in ({"accepted_answer_id": None}, {"deleted_at": clock.now()}):
        with database.transaction() as session:
            session.execute(update(Post).where(Post.title == TITLE).values(change))

        assert _load(database, engine, similar.asked("Dock loses its network")) == ()


def test_what_no_longer_works_is_not_offered_as_solved_although_the_index_says_so(
    database: Database, engine: Counting
) -> None:
    asked = similar.asked("lamp glows")
    for expected in ([TITLE], []):
        _mark_accepted(database)

        assert [found.title for found in _load(database, engine, asked)] == expected

    (found,) = _load(database, engine, replace(asked, only_solved=False))
    assert not found.is_solved
    assert found.path.startswith("/questions/1/")
    with database.reading() as session:
        assert similar.solving_path(session, 1) == found.path


def _mark_accepted(database: Database) -> None:
    with database.transaction() as session:
        question = session.get_one(Post, 1)
        accepted = session.get_one(Post, question.accepted_answer_id)
        make_outdated_mark(session, accepted, make_user(session))


def test_while_a_thread_waits_to_be_indexed_no_passage_of_the_index_is_shown(
    database: Database, engine: Counting
) -> None:
    (before,) = _load(database, engine, similar.asked("Dock loses its network"))
    with database.transaction() as session:
        outbox.emit(session, ThreadChanged(before.id))

    (found,) = _load(database, engine, similar.asked("Dock loses its network"))

    assert found.snippet == (("The lamp glows on.", False),)


def test_at_most_five_are_shown(database: Database) -> None:
    with database.transaction() as session:
        for number in range(7):
            question = make_question(session, title=f"Dock loses its network {number}")
            make_answer(session, question, accepted=True)

    assert len(_load(database, Counting(database), similar.asked("Dock loses its network"))) == similar.SHOWN


def test_texts_longer_than_a_question_are_cut() -> None:
    query = similar.asked("x" * 10_000, "y" * 100_000)

    assert (len(query.title), len(query.body)) == (150, 30_000)


def test_without_an_index_it_says_so(database: Database, engine: Counting) -> None:
    class Away(Counting):
        def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
            raise SearchUnavailable("There is no search index.")

    with pytest.raises(SearchUnavailable):
        _load(database, Away(database), similar.asked("Dock loses its network"))


def test_the_solution_of_a_thread_is_its_accepted_answer_or_else_its_question(
    database: Database, engine: Counting
) -> None:
    with database.reading() as session:
        assert similar.solving_path(session, 1) == "/answers/3"
        assert similar.solving_path(session, 4) == "/questions/4/dock-loses-its-network"
        for id in (2, 999):
            with pytest.raises(NotFound):
                similar.solving_path(session, id)
