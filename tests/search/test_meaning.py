"""What is learned from a site's threads, and what it changes."""

import random
from pathlib import Path

import numpy as np
import pytest

from forum.core.db import open_database
from forum.search import indexer as indexer_module
from forum.search import meaning as meaning_module
from forum.search.engine import SimilarQuery, ThreadDocument
from forum.search.engines import whoosh_index
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.indexer import Indexer
from forum.search.meaning import FEWEST, Meaning, counts_in, learn, nearness
from tests.factories import make_question
from tests.search.threads import answer, thread

ENGLISH = analyses_for("en")
PROSE = ENGLISH.prose


SUBJECTS = {
    "network": "wireless wifi router signal antenna channel roaming hotspot",
    "printing": "toner cartridge printer paper tray nozzle drum spooler",
    "power": "battery charger adapter voltage drains swelling cells plug",
}


@pytest.fixture(autouse=True)
def few_dimensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site of three subjects has no use for a hundred dimensions: each word would get one of its own."""
    monkeypatch.setattr(meaning_module, "DIMENSIONS", 3)


def a_site() -> list[ThreadDocument]:
    """Threads of three subjects, each with some words of one."""
    chance = random.Random(1)
    return [
        thread(number, " ".join(chance.sample(words.split(), 3)), " ".join(chance.sample(words.split(), 4)))
        for number, words in enumerate([*SUBJECTS.values()] * FEWEST, start=1)
    ]


def test_words_of_one_subject_are_near_and_those_of_others_are_not() -> None:
    meaning = learn(a_site(), PROSE, threads=len(a_site()))
    near, far, same = nearness(
        meaning.of(counts_in("wireless", PROSE)),
        [meaning.packed(title, PROSE) for title in ("wifi antenna", "toner cartridge", "Wireless")],
    )

    assert near > 0.8
    assert abs(far) < 0.2
    assert same == pytest.approx(1, abs=0.02)


def test_it_is_the_same_each_time_and_as_a_file() -> None:
    meaning, again = (
        learn(a_site(), PROSE, threads=len(a_site())),
        learn(a_site(), PROSE, threads=len(a_site())),
    )
    kept = Meaning.from_bytes(meaning.to_bytes())
    text = counts_in("router signal", PROSE)

    assert meaning.of(text) == pytest.approx(again.of(text))
    assert kept.of(text) == pytest.approx(meaning.of(text), abs=0.01)
    assert kept.learned_from == meaning.learned_from == len(a_site())


def test_few_threads_teach_nothing_and_unknown_words_mean_nothing() -> None:
    few = learn(a_site()[: FEWEST - 1], PROSE, threads=FEWEST - 1)

    assert few.is_empty
    assert few.learned_from == FEWEST - 1
    assert few.packed("wireless", PROSE) == b""
    assert not learn(a_site(), PROSE, threads=len(a_site())).of(counts_in("zebra", PROSE)).any()
    assert nearness(np.ones(3, np.float32), [b""]).tolist() == [0.0]


@pytest.mark.parametrize("content", [b"", b"PK", b"nonsense"])
def test_a_damaged_file_is_told_from_a_good_one(content: bytes, tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, ENGLISH)
    with engine.rebuilding() as fresh:
        fresh.learn(a_site(), threads=len(a_site()))
        fresh.index(a_site())
    engine.close()
    next(tmp_path.glob("*/meaning.npz")).write_bytes(content)
    again = WhooshEngine(tmp_path, ENGLISH)

    assert again.needs_rebuild() is not None
    with again.rebuilding() as fresh:
        fresh.index(a_site())
    assert again.needs_rebuild() is None
    again.close()


def test_meaning_decides_between_threads_with_the_same_words(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path, ENGLISH)
    choices = [
        thread(1_001, "Router help", answers=(answer(1, "Replaced."),), day=1),
        thread(1_002, "Paper help", answers=(answer(2, "Replaced."),), day=1),
    ]
    with engine.rebuilding() as fresh:
        fresh.learn(a_site(), threads=len(a_site()))
        fresh.index([*a_site(), *choices])
    found = [hit.thread_id for hit in engine.similar(SimilarQuery("cartridge toner help", limit=100))]
    other_way = [hit.thread_id for hit in engine.similar(SimilarQuery("wireless signal help", limit=100))]

    assert found.index(1_002) < found.index(1_001)
    assert other_way.index(1_001) < other_way.index(1_002)
    engine.close()


def test_a_site_that_has_doubled_learns_anew_and_answers_meanwhile(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_index, "FIRST_LEARNED_AT", 4)
    database = open_database(sqlite_url)
    engine = WhooshEngine(tmp_path, ENGLISH)
    indexer = Indexer(database, engine)
    indexer.reindex()
    assert engine.needs_rebuild() is None
    with database.transaction() as session:
        for number in range(4):
            make_question(session, title=f"Battery drains {number}")
    indexer.index_threads(range(1, 20))

    assert "has grown" in (engine.needs_rebuild() or "")
    assert engine.unusable() is None
    assert engine.similar(SimilarQuery("battery"))
    indexer.reindex()
    assert engine.needs_rebuild() is None
    engine.close()
    database.dispose()


def test_a_sample_of_a_large_site_is_not_taken_for_growth(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_index, "FIRST_LEARNED_AT", 4)
    monkeypatch.setattr(indexer_module, "SAMPLE", 4)
    database = open_database(sqlite_url)
    with database.transaction() as session:
        for number in range(6):
            make_question(session, title=f"Battery drains {number}")
    engine = WhooshEngine(tmp_path, ENGLISH)

    Indexer(database, engine).reindex()

    assert engine.needs_rebuild() is None
    engine.close()
    database.dispose()
