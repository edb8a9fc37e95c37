import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from forum.core import clock
from forum.search.engine import SearchUnavailable
from forum.worker.rebuild_log import RebuildLog, Stage


@pytest.fixture
def log(tmp_path: Path) -> RebuildLog:
    return RebuildLog(tmp_path)


def test_nothing_is_known_before_the_first_rebuild(log: RebuildLog) -> None:
    assert log.latest() is None
    assert not log.is_running()


def test_others_see_how_far_a_rebuild_is(log: RebuildLog, tmp_path: Path) -> None:
    with log.recording("It is broken.") as recorder:
        recorder.note(Stage.COMPARING, 3, 10)
        seen = RebuildLog(tmp_path).latest()
    assert seen is not None
    assert (seen.reason, seen.stage, seen.done, seen.total) == ("It is broken.", Stage.COMPARING, 3, 10)
    assert seen.is_running
    assert not seen.is_interrupted
    assert seen.ended_at is None


def test_a_rebuild_that_is_done_has_its_time_and_fulfils_the_request(log: RebuildLog) -> None:
    log.request()
    assert log.is_requested()
    start = clock.now()
    with clock.frozen(start), log.recording("It was asked for.") as recorder:
        recorder.note(Stage.FILLING, 10, 10)
        with clock.frozen(start + timedelta(seconds=90)):
            recorder.end()
            done = log.latest()
    assert done is not None
    assert (done.stage, done.seconds, done.done, done.error) == (Stage.DONE, 90.0, 10, "")
    assert not done.is_running
    assert not log.is_requested()


def test_what_ended_a_rebuild_is_kept_and_the_request_stays(log: RebuildLog) -> None:
    def fail() -> None:
        with log.recording("It was asked for.") as recorder:
            recorder.note(Stage.FILLING, 4, 10)
            raise OSError("No space left on device")

    log.request()
    with pytest.raises(OSError, match="No space"):
        fail()
    failed = log.latest()
    assert failed is not None
    assert failed.is_interrupted
    assert (failed.error, failed.done) == ("No space left on device", 4)
    assert log.is_requested()


def test_a_rebuild_that_was_killed_does_not_run(log: RebuildLog, tmp_path: Path, project_dir: Path) -> None:
    code = (
        "import os, sys, pathlib, forum.worker.rebuild_log as log\n"
        "with log.RebuildLog(pathlib.Path(sys.argv[1])).recording('It is broken.'):\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=project_dir, check=False)
    killed = log.latest()
    assert killed is not None
    assert killed.is_interrupted
    assert killed.ended_at is None


def test_two_rebuilds_do_not_run_at_once(log: RebuildLog, tmp_path: Path) -> None:
    with log.recording("It is broken."):
        refused = RebuildLog(tmp_path).recording("It was asked for.")
        with pytest.raises(SearchUnavailable, match="being rebuilt already"):
            refused.__enter__()


def test_notes_that_can_not_be_read_are_none(log: RebuildLog, tmp_path: Path) -> None:
    (tmp_path / "rebuild.json").write_text('{"reason": 1}')
    assert log.latest() is None
