"""An index that several processes write to, and that some are killed in the middle of."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from forum.search.engine import SearchUnavailable
from forum.search.syntax import parse
from tests.fixtures.postgres_server import administrate
from tests.search.postgres.databases import SEARCH_DATABASE, TidyEngine
from tests.search.threads import thread

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

PATIENCE = 20.0
"""Seconds until the server must have noticed that a client is gone."""


@pytest.fixture
def engine() -> Iterator[TidyEngine]:
    engine = SEARCH_DATABASE.open()
    with engine.rebuilding():
        pass
    yield engine
    engine.close()


def process(
    project_dir: Path, engine: TidyEngine, verb: str, *, first: int, number: int
) -> subprocess.Popen[str]:
    arguments = [engine.url, engine.schema, verb, str(first), str(number)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.search.postgres.writing_process", *arguments],
        cwd=project_dir,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_killed_writer_loses_nothing_that_was_committed_and_leaves_nothing_behind(
    engine: TidyEngine, project_dir: Path
) -> None:
    committed: set[int] = set()
    chance = random.Random(5)
    for attempt in range(3):
        with process(project_dir, engine, "index", first=1_000 * (attempt + 1), number=500) as writer:
            assert writer.stdout is not None
            for _ in range(3):
                committed.add(int(writer.stdout.readline()))
            time.sleep(chance.random() * 0.1)
            writer.kill()
            committed |= {int(line) for line in writer.stdout.read().split()}
        engine.index([thread(attempt + 1, "Battery of the survivor")])
        assert committed <= set(engine.thread_ids())
        assert engine.search(parse("battery")).total == engine.count()
        assert engine.search(parse("is:answer replace")).total == engine.count() - attempt - 1


def test_two_processes_write_one_after_the_other(engine: TidyEngine, project_dir: Path) -> None:
    writers = [process(project_dir, engine, "index", first=first, number=20) for first in (1_000, 2_000)]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    assert set(engine.thread_ids()) == {*range(1_000, 1_020), *range(2_000, 2_020)}
    assert engine.search(parse("is:answer replace")).total == 40


def test_a_killed_rebuild_hinders_no_other(engine: TidyEngine, project_dir: Path) -> None:
    engine.index([thread(1, "Battery")])
    with process(project_dir, engine, "rebuild", first=1_000, number=2_000) as rebuild:
        assert rebuild.stdout is not None
        rebuild.stdout.readline()
        with pytest.raises(SearchUnavailable, match="being rebuilt already"), engine.rebuilding():
            pass
        rebuild.kill()
    assert list(engine.thread_ids()) == [1]
    assert engine.needs_rebuild() is None
    _rebuild_as_soon_as_the_server_lets_go(engine)
    assert list(engine.thread_ids()) == [2]
    with administrate(make_url(engine.url)) as connection:
        found = text("SELECT count(*) FROM pg_tables WHERE schemaname = :schema")
        assert connection.scalar(found, {"schema": engine.schema}) == 5, "nothing is left of the killed one"


def _rebuild_as_soon_as_the_server_lets_go(engine: TidyEngine) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            with engine.rebuilding() as fresh:
                fresh.index([thread(2, "Battery")])
        except SearchUnavailable:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return
