"""Building the index anew from the command line, with its progress."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import click
import pytest

from forum.cli import progress
from forum.cli.progress import Pace, bar
from forum.cli.reindex import _ended_gently
from forum.core.db import Database
from forum.search import indexer
from forum.search.engines.whoosh_batches import PreparedThreads
from forum.search.engines.whoosh_rebuild import RebuiltIndex
from forum.worker.rebuild_log import Stage
from tests.cli.conftest import Run
from tests.factories import make_question
from tests.search.portions import in_portions


def test_it_indexes_every_thread(askwell: Run, site: Database) -> None:
    _ask(site, 3)

    done = askwell("reindex")

    assert (done.status, done.out) == (0, "Indexed 3 threads.\n")
    assert json.loads(askwell("stats", "--json").out)["index_documents"] == 3


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    askwell: Run, site: Database, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(site, 6)
    put_in = RebuiltIndex.put
    given: list[int] = []

    def interrupted(fresh: RebuiltIndex, prepared: PreparedThreads) -> None:
        given.extend(prepared.thread_ids)
        if given == [1, 2, 3, 4]:
            signal.raise_signal(signal.SIGINT)
        put_in(fresh, prepared)

    # With more than one process as well, on machines that have as many.
    monkeypatch.setattr(indexer, "WORTH_SHARING", 1)
    monkeypatch.setattr(RebuiltIndex, "put", interrupted)
    with in_portions(2, keep_every=100):
        ended = askwell("reindex")
        assert ended.status == 130
        assert "Ended after 4 of 6 threads. Run `askwell reindex` again to go on." in ended.err
        assert json.loads(askwell("stats", "--json").out)["index_documents"] is None
        assert askwell("reindex").out == "Indexed 6 threads.\n"
    assert given == [1, 2, 3, 4, 5, 6], "no thread was put in twice"


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """A process that Ctrl+C interrupts; one that a script has started in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_ctrl_c")
def test_a_second_ctrl_c_ends_it_at_once() -> None:
    with _ended_gently(lambda _stage, _done, _total: None) as tell:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(click.Abort):
            tell(Stage.FILLING, 1, 2)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    pace = Pace()

    assert pace.of(0, 10_000, at=0.0) == ""
    assert pace.of(5_000, 10_000, at=2.0) == "2,500 a second, 0:00:02 left"
    assert pace.of(5_100, 10_000, at=12.0).startswith("425 a second")
    assert pace.of(5_200, 10_000, at=22.0).startswith("236 a second")
    assert pace.of(5_300, 10_000, at=40.0) == "7 a second, 0:10:58 left"


def test_without_a_terminal_it_prints_lines_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = iter([0.0, 1.0, 11.0, 12.0, 22.0])
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    with bar("threads") as tell:
        for done in (0, 1_000, 1_100, 2_000):
            tell(done, 4_000)

    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        "threads: 1,000 of 4,000, 100 a second, 0:00:30 left",
        "threads: 2,000 of 4,000, 95 a second, 0:00:21 left",
    ]


def _ask(database: Database, number: int) -> None:
    with database.transaction() as session:
        for place in range(number):
            make_question(session, title=f"Why is it number{place}?")
