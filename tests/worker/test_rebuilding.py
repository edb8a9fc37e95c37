"""The worker rebuilds the index in the background, while the old one answers and takes changes."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forum.core import outbox
from forum.core.db import Database
from forum.images.storage import Folder
from forum.posts.events import ThreadChanged
from forum.search.engine import SearchEngine, SearchUnavailable
from forum.search.engines import whoosh_health
from forum.search.indexer import QUEUE, Indexer
from forum.worker import loop
from forum.worker.catching_up import catch_up
from forum.worker.rebuild_log import RebuildLog, Stage
from forum.worker.rebuilding import Rebuilding, Tell
from tests.factories import make_question
from tests.search.portions import in_portions
from tests.worker.at_work import wait_until, working


class _Stop(Exception):
    """Ends a rebuild between two batches."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(loop, "EXAMINE_SECONDS", 0.1)
    with in_portions(2, keep_every=4):
        yield


@pytest.fixture
def log(data_dir: Path) -> RebuildLog:
    return RebuildLog(data_dir)


@pytest.fixture
def ids(database: Database, engine: SearchEngine, data_dir: Path) -> list[int]:
    """Eight threads, which are in the index."""
    found = [_ask(database) for _ in range(8)]
    assert catch_up(database, engine, data_dir=data_dir)
    return found


def _ask(database: Database) -> int:
    with database.transaction() as session:
        thread_id = make_question(session, title="Why does it beep?").id
        outbox.emit(session, ThreadChanged(thread_id))
    return thread_id


def _open_jobs(database: Database) -> int:
    with database.reading() as session:
        return outbox.backlog(session, QUEUE).jobs


def _at(stage: Stage, number: int, do: Callable[[], None]) -> Tell:
    def tell(at: Stage, done: int, _total: int) -> None:
        if at is stage and done == number:
            do()

    return tell


def _stop() -> None:
    raise _Stop


def test_it_rebuilds_when_an_administrator_asks(
    database: Database, engine: SearchEngine, data_dir: Path, log: RebuildLog, ids: list[int]
) -> None:
    log.request()
    with working(database, engine, data_dir):
        wait_until(lambda: not log.is_requested())
    done = log.latest()
    assert done is not None
    assert done.stage is Stage.DONE
    assert done.reason == "An administrator asked for it."
    assert sorted(engine.thread_ids()) == ids


def test_an_older_index_takes_changes_while_it_is_rebuilt(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    log: RebuildLog,
    ids: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(whoosh_health, "READABLE", frozenset({whoosh_health.VERSION}))
    monkeypatch.setattr(whoosh_health, "VERSION", whoosh_health.VERSION + 1)
    seen: list[tuple[bool, int]] = []
    drain = Indexer.drain

    def watched(indexer: Indexer) -> int:
        done = drain(indexer)
        if log.is_running():
            seen.append((engine.needs_rebuild() is not None, engine.count()))
        return done

    monkeypatch.setattr(Indexer, "drain", watched)
    latecomer = _ask(database)
    with working(database, engine, data_dir):
        wait_until(lambda: engine.needs_rebuild() is None and not log.is_running())
    assert seen[0] == (True, 9), "the old index answers, with what was written after it was built"
    assert sorted(engine.thread_ids()) == [*ids, latecomer]
    assert _open_jobs(database) == 0


def test_a_worker_that_is_stopped_goes_on_with_its_rebuild(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    log: RebuildLog,
    ids: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopping = threading.Event()
    drain = Indexer.drain

    def stop_then_drain(indexer: Indexer) -> int:
        if log.is_running():
            stopping.set()
        return drain(indexer)

    log.request()
    with monkeypatch.context() as patch:
        patch.setattr(Indexer, "drain", stop_then_drain)
        loop.Worker(database, engine, Folder(data_dir / "images"), data_dir=data_dir).run(stopping)
    interrupted = log.latest()
    assert interrupted is not None
    assert interrupted.is_interrupted
    assert 0 < interrupted.done < 8
    assert log.is_requested()
    notes = [json.loads(path.read_text()) for path in (data_dir / "search").glob("*/reached.json")]
    assert {"thread_id": ids[interrupted.done - 1], "threads": interrupted.done} in notes

    with working(database, engine, data_dir):
        wait_until(lambda: not log.is_requested())
    assert sorted(engine.thread_ids()) == ids


def test_what_a_rebuild_left_to_compare_is_compared(
    database: Database, engine: SearchEngine, data_dir: Path, log: RebuildLog, ids: list[int]
) -> None:
    rebuilding = Rebuilding(database, engine, data_dir=data_dir)
    with pytest.raises(_Stop):
        rebuilding.rebuild("It was asked for.", _at(Stage.COMPARING, 2, _stop))
    engine.remove([ids[6]])
    with working(database, engine, data_dir):
        wait_until(lambda: (latest := log.latest()) is not None and latest.stage is Stage.DONE)
    assert sorted(engine.thread_ids()) == ids


def test_a_rebuild_that_fails_keeps_no_change_from_an_index_that_works(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    log: RebuildLog,
    ids: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(_indexer: Indexer, *_: object, **__: object) -> int:
        raise SearchUnavailable("No space left on device")

    monkeypatch.setattr(Indexer, "reindex", full)
    log.request()
    with working(database, engine, data_dir):
        wait_until(lambda: (latest := log.latest()) is not None and "No space" in latest.error)
        latecomer = _ask(database)
        wait_until(lambda: latecomer in set(engine.thread_ids()))
    assert log.is_requested(), "it is tried again later"


def test_the_worker_works_on_while_a_command_rebuilds(
    database: Database, engine: SearchEngine, data_dir: Path, log: RebuildLog, ids: list[int]
) -> None:
    def meanwhile() -> None:
        log.request()
        with working(database, engine, data_dir):
            latecomer = _ask(database)
            wait_until(lambda: latecomer in set(engine.thread_ids()))

    rebuilding = Rebuilding(database, engine, data_dir=data_dir)
    assert rebuilding.rebuild("askwell reindex was run.", _at(Stage.FILLING, 4, meanwhile)) == 9
    assert engine.count() == 9


def test_nobody_who_waits_for_a_command_waits_for_an_older_index_to_be_rebuilt(
    database: Database,
    engine: SearchEngine,
    data_dir: Path,
    ids: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(whoosh_health, "READABLE", frozenset({whoosh_health.VERSION}))
    monkeypatch.setattr(whoosh_health, "VERSION", whoosh_health.VERSION + 1)
    _ask(database)
    assert catch_up(database, engine, data_dir=data_dir)
    assert engine.count() == 9
    assert engine.needs_rebuild() is not None
