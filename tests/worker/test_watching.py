"""The worker finds what newly matches the saved searches, a portion at a time and each match once."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.deleting import delete_post
from forum.posts.actions.editing import edit_post
from forum.saved_searches import actions, queries
from forum.saved_searches.models import SavedSearch
from forum.search.engine import Hits, SearchEngine, SearchQuery, SearchUnavailable
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.worker import watching
from forum.worker.watching import PORTION, Watching
from tests.reputation.ledgers import join
from tests.worker.at_work import wait_until, working

TEXT = "It charges, but the second monitor stays black."


@pytest.fixture
def memory(database: Database) -> MemoryEngine:
    """An index of what is there when the test begins: nothing."""
    engine = MemoryEngine(analyses_for("en"))
    Indexer(database, engine).reindex()
    return engine


@pytest.fixture
def people(database: Database) -> list[Actor]:
    """Somebody who saves searches, and somebody who asks."""
    with database.transaction() as session:
        return join(session, 2)


@pytest.fixture
def work(database: Database, memory: MemoryEngine) -> Callable[[], None]:
    """Index what was written and go over all saved searches once."""

    def do() -> None:
        indexed = Indexer(database, memory).drain()
        assert go_round(Watching(database, memory), indexed) >= 0

    return do


def go_round(watcher: Watching, indexed: int = 1) -> int:
    """Let a watcher go over all saved searches and return how many it looked for."""
    looked = 0
    while turned := watcher.turn(indexed=indexed):
        looked, indexed = looked + turned, 0
    return looked


def save(database: Database, person: Actor, text: str) -> int:
    with database.transaction() as session:
        return actions.save(session, person, name="", text=text, sort="").id


def put_question(database: Database, asker: Actor, title: str, *tags: str) -> int:
    with database.transaction() as session:
        return ask(session, asker, title=title, source=TEXT, tags=tags or ["hardware"]).question_id


def put_answer(database: Database, person: Actor, question_id: int) -> int:
    with database.transaction() as session:
        return answer(session, person, question_id, source="Unplug it, then plug it in again.").post_id


def matched(database: Database, saved_id: int) -> list[int]:
    with database.reading() as session:
        return sorted(match.thread_id for match in queries.new_matches(session, saved_id))


def total(database: Database, person: Actor) -> int:
    with database.reading() as session:
        return session.execute(select(User.new_match_count).where(User.id == person.id)).scalar_one()


def test_what_is_asked_later_and_matches_is_noted(
    database: Database, people: list[Actor], work: Callable[[], None]
) -> None:
    owner, asker = people
    put_question(database, asker, "Why does the old dock not wake?")
    work()
    saved_id = save(database, owner, "dock monitor")
    later = put_question(database, asker, "Why does my dock not wake?")
    put_question(database, asker, "Why does the keyboard lose letters?")

    work()
    work()

    assert matched(database, saved_id) == [later]
    assert total(database, owner) == 1


def test_an_old_thread_is_noted_when_it_is_answered_but_not_when_it_is_edited(
    database: Database, people: list[Actor], work: Callable[[], None]
) -> None:
    owner, asker = people
    answered = put_question(database, asker, "Why does the old dock not wake?")
    edited = put_question(database, asker, "Which dock has two ports?")
    saved_id = save(database, owner, "dock")
    answer_id = put_answer(database, owner, answered)
    with database.transaction() as session:
        edit_post(session, asker, edited, source=f"{TEXT} Still.", based_on=1)

    work()

    with database.reading() as session:
        (match,) = queries.new_matches(session, saved_id)
    assert (match.thread_id, match.post_id) == (answered, answer_id)


def test_searches_for_questions_and_answers_find_only_new_ones_of_their_kind(
    database: Database, people: list[Actor], work: Callable[[], None]
) -> None:
    owner, asker = people
    old = put_question(database, asker, "Why does the old dock not wake?")
    questions = save(database, owner, "is:question dock")
    answers = save(database, owner, "is:answer plug")
    new = put_question(database, asker, "Why does my dock not wake?")
    answer_id = put_answer(database, asker, old)

    work()

    assert matched(database, questions) == [new]
    with database.reading() as session:
        (match,) = queries.new_matches(session, answers)
    assert (match.thread_id, match.post_id) == (old, answer_id)


def test_me_is_who_saved_the_search(
    database: Database, people: list[Actor], work: Callable[[], None]
) -> None:
    owner, asker = people
    saved_id = save(database, owner, "user:me")
    mine = put_question(database, owner, "Why does my dock not wake?")
    put_question(database, asker, "Why does the other dock not wake?")

    work()

    assert matched(database, saved_id) == [mine]


@pytest.mark.parametrize("text", ["dock submarine", "the", "dock -monitor"])
def test_what_holds_only_some_of_the_words_is_no_match(
    database: Database, people: list[Actor], work: Callable[[], None], text: str
) -> None:
    owner, asker = people
    saved_id = save(database, owner, text)
    put_question(database, asker, "Why does the dock not wake?")

    work()

    assert matched(database, saved_id) == []


def test_a_search_that_does_not_notify_is_left_alone(
    database: Database, people: list[Actor], work: Callable[[], None]
) -> None:
    owner, asker = people
    saved_id = save(database, owner, "dock")
    with database.transaction() as session:
        actions.change(session, owner, saved_id, name="", notifies=False)
    put_question(database, asker, "Why does the dock not wake?")

    work()

    assert matched(database, saved_id) == []


def test_a_thread_that_reaches_the_index_late_is_noted_all_the_same(
    database: Database, people: list[Actor], memory: MemoryEngine, work: Callable[[], None]
) -> None:
    owner, asker = people
    saved_id = save(database, owner, "dock")
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        question_id = put_question(database, asker, "Why does the dock not wake?")
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert go_round(Watching(database, memory)) == 1
        assert matched(database, saved_id) == []

        work()

    assert matched(database, saved_id) == [question_id]


def test_each_look_begins_where_the_one_before_ended(
    database: Database, people: list[Actor], memory: MemoryEngine
) -> None:
    saved_id = save(database, people[0], "dock")
    began = clock.now()
    with clock.frozen(began + timedelta(hours=1)):
        go_round(Watching(database, memory))

    with database.reading() as session:
        (watched,) = queries.next_watched(session, after=saved_id - 1, limit=1)
    assert watched.looked_until == began + timedelta(minutes=59)


def test_a_deleted_thread_is_withdrawn_from_the_counts(
    database: Database, people: list[Actor], work: Callable[[], None]
) -> None:
    owner, asker = people
    save(database, owner, "dock")
    question_id = put_question(database, asker, "Why does the dock not wake?")
    work()
    assert total(database, owner) == 1

    with database.transaction() as session:
        delete_post(session, asker, question_id)
    work()

    assert total(database, owner) == 0


def test_two_workers_at_once_note_a_match_once(
    database: Database, people: list[Actor], memory: MemoryEngine
) -> None:
    owner, asker = people
    ids = [save(database, owner, text) for text in ("dock", "monitor", "dock monitor")]
    question_id = put_question(database, asker, "Why does the dock not wake?")
    Indexer(database, memory).drain()
    barrier = threading.Barrier(4)

    def watch(_number: int) -> int:
        barrier.wait()
        return go_round(Watching(database, memory))

    with ThreadPoolExecutor(4) as pool:
        looked = list(pool.map(watch, range(4)))

    assert min(looked) >= 0
    assert [matched(database, saved_id) for saved_id in ids] == [[question_id]] * 3
    assert total(database, owner) == 3


def test_many_searches_are_gone_over_in_portions_and_in_order(
    database: Database, people: list[Actor], memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PORTION_SECONDS", 60.0)
    ids = [save(database, people[0], f"dock {number}") for number in range(PORTION + 5)]
    first = Watching(database, memory)

    assert first.turn(indexed=1) == PORTION
    with database.reading() as session:
        assert queries.position(session) == ids[PORTION - 1]
    # Another process goes on there, and then owes a round to those before.
    second = Watching(database, memory)
    assert second.turn(indexed=0) == 5
    monkeypatch.setattr(second, "_next_round_at", 0.0)
    assert go_round(second, 0) == PORTION + 5
    with database.reading() as session:
        assert queries.position(session) == 0


def test_a_portion_ends_early_when_its_time_is_up(
    database: Database, people: list[Actor], memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "PORTION_SECONDS", 0.0)
    for number in range(3):
        save(database, people[0], f"dock {number}")
    watcher = Watching(database, memory)

    assert [watcher.turn(indexed=1) for _ in range(4)] == [1, 1, 1, 0]


def test_a_round_begins_once_a_minute_and_only_after_something_was_indexed(
    database: Database, people: list[Actor], memory: MemoryEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, people[0], "dock")
    watcher = Watching(database, memory)

    assert watcher.turn(indexed=0) == 1
    assert watcher.turn(indexed=1) == 0
    monkeypatch.setattr(watcher, "_next_round_at", 0.0)
    assert watcher.turn(indexed=0) == 1
    monkeypatch.setattr(watcher, "_next_round_at", 0.0)
    assert watcher.turn(indexed=0) == 0
    watcher.begin_soon()
    assert watcher.turn(indexed=0) == 1


class _Breaks(MemoryEngine):
    """An engine with a defect that one word brings out, or that has no index."""

    error: Exception = RuntimeError("a defect")

    def search(self, query: SearchQuery) -> Hits:
        if "submarine" in repr(query):
            raise self.error
        return super().search(query)


@pytest.fixture
def breaking(database: Database) -> Iterator[_Breaks]:
    engine = _Breaks(analyses_for("en"))
    Indexer(database, engine).reindex()
    yield engine
    engine.close()


def test_a_search_that_fails_keeps_no_other_from_being_looked_for(
    database: Database, people: list[Actor], breaking: _Breaks
) -> None:
    owner, asker = people
    save(database, owner, "submarine")
    saved_id = save(database, owner, "dock")
    question_id = put_question(database, asker, "Why does the dock not wake?")
    Indexer(database, breaking).drain()

    assert go_round(Watching(database, breaking)) == 2
    assert matched(database, saved_id) == [question_id]


def test_without_an_index_the_round_waits_and_goes_on(
    database: Database, people: list[Actor], breaking: _Breaks
) -> None:
    save(database, people[0], "submarine")
    watcher = Watching(database, breaking)
    breaking.error = SearchUnavailable("no index")
    with pytest.raises(SearchUnavailable):
        watcher.turn(indexed=1)

    breaking.error = RuntimeError("a defect")
    assert watcher.turn(indexed=0) == 1


def test_a_running_worker_tells_of_a_match(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    people: list[Actor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watching, "ROUND_SECONDS", 0.2)
    owner, asker = people
    save(database, owner, "dock monitor")
    with working(database, engine, data_dir):
        put_question(database, asker, "Why does the dock not wake?")
        wait_until(lambda: total(database, owner) == 1)
    with database.reading() as session:
        assert session.scalars(select(SavedSearch.new_count)).all() == [1]
