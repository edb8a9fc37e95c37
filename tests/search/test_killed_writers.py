"""An index that several processes write to, and that some are killed in the middle of."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.syntax import parse
from tests.search.threads import thread


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def engine(folder: Path) -> WhooshEngine:
    engine = WhooshEngine(folder, analyses_for("en"))
    with engine.rebuilding():
        pass
    return engine


def writer(project_dir: Path, folder: Path, first: int, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.search.writing_process", str(folder), str(first), str(number)],
        cwd=project_dir,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_that_was_committed_and_leaves_nothing_behind(
    engine: WhooshEngine, folder: Path, project_dir: Path
) -> None:
    committed: set[int] = set()
    chance = random.Random(5)
    for attempt in range(5):
        with writer(project_dir, folder, 1_000 * (attempt + 1), 500) as process:
            assert process.stdout is not None
            for _ in range(3):
                committed.add(int(process.stdout.readline()))
            time.sleep(chance.random() * 0.1)
            process.kill()
            committed |= {int(line) for line in process.stdout.read().split()}
        assert engine.needs_rebuild() is None
        assert committed <= set(engine.thread_ids())
        assert engine.search(parse("battery")).total == engine.count()
        engine.index([thread(attempt + 1, "Battery of the survivor")])
    # A last commit sweeps up after the last killed one: one list of segments, those segments, our label.
    names = sorted(path.name for path in (folder / "000001").iterdir())
    assert sum(name.endswith(".toc") for name in names) == 1
    assert not [name for name in names if ".toc." in name or name.endswith(".run")]
    segments = {name.split(".")[0] for name in names if name.startswith("MAIN_") and name.endswith(".seg")}
    live = {segment.segment_id() for segment in engine._live_index()._index._segments()}
    assert segments == live


@pytest.mark.slow
def test_two_processes_write_one_after_the_other(
    engine: WhooshEngine, folder: Path, project_dir: Path
) -> None:
    processes = [writer(project_dir, folder, first, 20) for first in (1_000, 2_000)]
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert set(engine.thread_ids()) == {*range(1_000, 1_020), *range(2_000, 2_020)}
    assert engine.search(parse("is:answer replace")).total == 40
