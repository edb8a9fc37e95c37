"""An index that several processes built is the one that a single process builds."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from forum.core.db import Database
from forum.search import indexer as indexing
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_batches import PreparedThreads
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.engines.whoosh_rebuild import RebuiltIndex
from forum.search.indexer import Indexer
from forum.search.threads import ThreadDocument
from tests.factories import make_question
from tests.search.portions import in_portions

THREADS = 60


@pytest.fixture(autouse=True)
def _always_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "WORTH_SHARING", 1)


@pytest.fixture
def site(database: Database) -> Database:
    with database.transaction() as session:
        for number in range(THREADS):
            make_question(session, title=f"Battery {number}", text=f"It drains **fast** on day {number % 7}.")
    return database


def _built(database: Database, folder: Path, *, processes: int) -> list[bytes]:
    """Build an index, and return what its files hold but for names and times."""
    engine = WhooshEngine(folder, analyses_for("en"))
    told: list[tuple[int, int]] = []
    with in_portions(7, keep_every=25):
        indexer = Indexer(database, engine, processes=processes)
        assert indexer.reindex(lambda done, total: told.append((done, total))) == THREADS
    assert told == [(min(done, THREADS), THREADS) for done in range(7, THREADS + 7, 7)]
    assert list(indexer.stale_threads()) == []
    [generation] = [path for path in folder.iterdir() if path.is_dir()]
    [segment] = generation.glob("*.seg")
    learned = (generation / "meaning.npz").read_bytes()
    stored = sorted(repr(document).encode() for document in engine.documents(engine.thread_ids()))
    engine.close()
    return [str(segment.stat().st_size).encode(), learned, *stored]


def test_two_processes_build_what_one_builds(site: Database, tmp_path: Path) -> None:
    one = _built(site, tmp_path / "one", processes=1)
    assert _built(site, tmp_path / "two", processes=2) == one


def test_the_index_is_whole_when_a_process_dies(
    site: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, prepare = os.getpid(), RebuiltIndex.prepare

    def dying(fresh: RebuiltIndex, documents: Sequence[ThreadDocument]) -> PreparedThreads:
        if os.getpid() != own and any(document.title == "Battery 30" for document in documents):
            os.kill(os.getpid(), signal.SIGKILL)
        return prepare(fresh, documents)

    one = _built(site, tmp_path / "one", processes=1)
    monkeypatch.setattr(RebuiltIndex, "prepare", dying)
    assert _built(site, tmp_path / "two", processes=2) == one
