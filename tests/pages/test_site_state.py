import pytest

from forum.core.db import Database
from forum.pages.site_state import duration, failed_jobs, load, size
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from tests.factories import make_question


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "0 s"),
        (59, "59 s"),
        (60, "60 s"),
        (120, "2 min"),
        (3599, "60 min"),
        (7200, "2 h"),
        (90_000, "25 h"),
        (200_000, "2 days"),
    ],
)
def test_a_length_of_time_is_short_to_read(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (44_724, "45 kB"),
        (412_000_000, "412 MB"),
        (1_250_000_000, "1.2 GB"),
    ],
)
def test_a_size_is_short_to_read(count: int, text: str) -> None:
    assert size(count) == text


def test_it_reads_both_sides(database: Database) -> None:
    engine = MemoryEngine(analyses_for("en"))
    with database.transaction() as session:
        make_question(session)
    with database.reading() as session:
        before = load(session, engine)
    Indexer(database, engine).reindex()
    with database.reading() as session:
        after = load(session, engine)
        assert failed_jobs(session) == ()
    assert (before.threads, before.index) == (1, None)
    assert before.fault == "The index lives in memory and is empty after a start."
    assert after.index is not None
    assert (after.index.threads, after.fault, after.backlog.jobs) == (1, None, 0)
