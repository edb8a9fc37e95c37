"""Rebuilds that are interrupted go on where they were, and an older index answers until they are done."""

import gc
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from forum.core import clock
from forum.core.db import Database
from forum.posts.models import Post
from forum.search.engine import Resumable, SearchIndex, SearchUnavailable
from forum.search.engines import whoosh_health
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_batches import PreparedThreads
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.engines.whoosh_rebuild import RebuiltIndex
from forum.search.indexer import Indexer
from forum.search.state import Reached
from tests.factories import make_question
from tests.search.portions import in_portions
from tests.search.sites import SITE, threads_of
from tests.search.threads import thread

ROUNDS = 6


class _Stop(Exception):
    """Ends a rebuild between two batches."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def engine(folder: Path) -> Iterator[WhooshEngine]:
    opened = WhooshEngine(folder, analyses_for("en"))
    with opened.rebuilding() as fresh:
        fresh.index(SITE)
    yield opened
    opened.close()


def _interrupt(engine: WhooshEngine, fill: Callable[[SearchIndex], None]) -> None:
    def rebuild() -> None:
        with engine.rebuilding() as fresh:
            fill(fresh)
            raise _Stop

    with pytest.raises(_Stop):
        rebuild()


def _keep_two(fresh: SearchIndex) -> None:
    assert isinstance(fresh, Resumable)
    fresh.index([thread(1, "Scanner hums"), thread(2, "Scanner sings")])
    fresh.keep(Reached(2, 2))
    fresh.index([thread(3, "Scanner squeaks")])


def _kept_before(engine: WhooshEngine) -> tuple[int, int]:
    """Return what the next rebuild is told of the one before, and how many threads it finds."""
    found: list[int] = []

    def look(fresh: SearchIndex) -> None:
        assert isinstance(fresh, Resumable)
        found.extend([fresh.reached().thread_id, fresh.count()])

    _interrupt(engine, look)
    return found[0], found[1]


def test_what_was_kept_is_there_in_the_next_rebuild(engine: WhooshEngine) -> None:
    _interrupt(engine, _keep_two)
    assert sorted(engine.thread_ids()) == [1, 2, 3, 4, 5], "the old index is live"
    with engine.rebuilding() as fresh:
        assert fresh.reached() == Reached(2, 2)
        assert sorted(fresh.thread_ids()) == [1, 2]
        fresh.index([thread(4, "Scanner whistles")])
    assert threads_of(engine, "scanner") == [1, 2, 4]
    assert _kept_before(engine) == (0, 0), "a rebuild that was done is not gone on with"


def test_what_was_not_kept_is_swept_away(engine: WhooshEngine, folder: Path) -> None:
    _interrupt(engine, lambda fresh: fresh.index([thread(1, "Scanner hums")]))
    assert _kept_before(engine) == (0, 0)
    assert len([path for path in folder.iterdir() if path.is_dir()]) == 2


def _of_another_version(unfinished: Path) -> None:
    label = unfinished / "label.json"
    label.write_text(json.dumps(json.loads(label.read_text()) | {"schema": -1}))


def _with_a_broken_list(unfinished: Path) -> None:
    next(unfinished.glob("*.toc")).write_bytes(b"nonsense")


def _with_a_broken_note(unfinished: Path) -> None:
    (unfinished / "reached.json").write_text('{"thread')


@pytest.mark.parametrize("spoil", [_of_another_version, _with_a_broken_list, _with_a_broken_note])
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh forgets files it fails to read.
def test_what_can_not_be_gone_on_with_is_begun_anew(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], None]
) -> None:
    monkeypatch.setattr(whoosh_health.log, "disabled", True)
    _interrupt(engine, _keep_two)
    spoil(folder / "000002")
    assert _kept_before(engine) == (0, 0)
    gc.collect()


def test_a_readable_older_index_answers_and_takes_changes_until_it_is_rebuilt(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = whoosh_health.VERSION
    monkeypatch.setattr(whoosh_health, "VERSION", older + 1)
    with pytest.raises(SearchUnavailable, match="another version"):
        WhooshEngine(folder, analyses_for("en")).count()
    monkeypatch.setattr(whoosh_health, "READABLE", frozenset({older}))
    newer = WhooshEngine(folder, analyses_for("en"))
    assert newer.unusable() is None
    assert "it answers meanwhile" in (newer.needs_rebuild() or "")
    assert newer.state().version == str(older)
    newer.index([thread(6, "Scanner hums")])
    assert threads_of(newer, "scanner") == [6]
    with newer.rebuilding() as fresh:
        fresh.index(SITE)
        newer.index([thread(7, "Scanner sings")])
    assert newer.needs_rebuild() is None
    assert newer.state().version == str(older + 1)
    assert threads_of(newer, "scanner") == [7], "what changed during the rebuild was carried over"
    newer.close()


def test_an_older_index_in_another_language_is_not_readable(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_health, "READABLE", frozenset({whoosh_health.VERSION}))
    monkeypatch.setattr(whoosh_health, "VERSION", whoosh_health.VERSION + 1)
    assert "another version" in (WhooshEngine(folder, analyses_for("de")).unusable() or "")


def test_an_interrupted_rebuild_is_given_only_the_rest_and_what_changed(
    database: Database, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []
    put_in = RebuiltIndex.put

    def noting(fresh: RebuiltIndex, prepared: PreparedThreads) -> None:
        given.extend(prepared.thread_ids)
        put_in(fresh, prepared)

    ids = _ask(database, 9)
    indexer = Indexer(database, engine)
    with in_portions(2, keep_every=100):
        with pytest.raises(_Stop):
            indexer.reindex(_stop_at(6))
        _change(database, rename=ids[1], delete=ids[4])
        monkeypatch.setattr(RebuiltIndex, "put", noting)
        assert indexer.reindex() == 8
    assert given == [ids[1], *ids[6:]]
    assert sorted(engine.thread_ids()) == [id for id in ids if id != ids[4]]
    assert list(indexer.stale_threads()) == []


@pytest.mark.slow
def test_a_rebuild_that_is_killed_again_and_again_goes_on_and_ends_right(
    database: Database, database_url: str, engine: WhooshEngine, folder: Path, project_dir: Path
) -> None:
    ids = _ask(database, 400)
    command = [sys.executable, "-m", "tests.search.rebuilding_process", database_url, str(folder)]
    chance = random.Random(7)
    reached = [0]
    for number in range(ROUNDS):
        with subprocess.Popen(command, cwd=project_dir, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(4 + 5 * number):
                process.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
        note = folder / "000002" / "reached.json"
        reached.append(json.loads(note.read_text())["thread_id"] if note.exists() else 0)
        _change(database, rename=ids[number], delete=ids[20 + number])
        assert sorted(engine.thread_ids()) == [1, 2, 3, 4, 5], "the old index is live"
    assert reached == sorted(reached)
    assert reached[-1] > 0

    # Nothing may be left to the comparison after the switch, which is stopped before it mends anything.
    with pytest.raises(_Stop):
        Indexer(database, engine).reindex(comparing=_stop_at(0))
    assert list(Indexer(database, engine).stale_threads()) == []
    with database.reading() as session:
        visible = select(func.count()).select_from(Post).where(Post.deleted_at.is_(None))
        assert engine.count() == session.execute(visible).scalar_one() == 400 - ROUNDS


def _stop_at(number: int) -> Callable[[int, int], None]:
    def stop(done: int, _total: int) -> None:
        if done >= number:
            raise _Stop

    return stop


def _ask(database: Database, number: int) -> list[int]:
    with database.transaction() as session:
        return [make_question(session, title=f"Why is it number{place}?").id for place in range(number)]


def _change(database: Database, *, rename: int, delete: int) -> None:
    """Change threads without a job, so that nothing but a comparison can find out."""
    with database.transaction() as session:
        session.execute(update(Post).where(Post.id == rename).values(title="Why was it renamed?"))
        session.execute(update(Post).where(Post.id == delete).values(deleted_at=clock.now()))
