"""What every engine must do that learns from the site what its words mean."""

import pytest

from forum.core.db import Database
from forum.search import indexer as indexer_module
from forum.search import meaning as meaning_module
from forum.search.engine import SearchEngine, SimilarQuery, Teachable
from forum.search.indexer import Indexer
from tests.factories import make_question
from tests.search.subjects import a_site
from tests.search.threads import answer, thread

pytestmark = pytest.mark.parametrize("new_engine", ["whoosh", "postgres", "opensearch"], indirect=True)

CHOICES = (
    thread(1_001, "Router help", answers=(answer(1, "Replaced."),), day=1),
    thread(1_002, "Paper help", answers=(answer(2, "Replaced."),), day=1),
)


@pytest.fixture(autouse=True)
def few_dimensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site of three subjects has no use for a hundred dimensions: each word would get one of its own."""
    monkeypatch.setattr(meaning_module, "DIMENSIONS", 3)


@pytest.fixture
def taught(new_engine: SearchEngine) -> SearchEngine:
    """An engine that has learned from a site of three subjects."""
    with new_engine.rebuilding() as fresh:
        assert isinstance(fresh, Teachable)
        assert not fresh.has_learned()
        fresh.learn(a_site(), threads=len(a_site()))
        assert fresh.has_learned()
        fresh.index(a_site())
    return new_engine


def test_meaning_decides_between_threads_with_the_same_words(taught: SearchEngine) -> None:
    taught.index(CHOICES)
    found = [hit.thread_id for hit in taught.similar(SimilarQuery("cartridge toner help", limit=100))]
    other_way = [hit.thread_id for hit in taught.similar(SimilarQuery("wireless signal help", limit=100))]

    assert found.index(1_002) < found.index(1_001)
    assert other_way.index(1_001) < other_way.index(1_002)


def test_a_rebuild_forgets_what_was_learned_before(taught: SearchEngine) -> None:
    taught.similar(SimilarQuery("cartridge toner help"))
    with taught.rebuilding() as fresh:
        assert isinstance(fresh, Teachable)
        fresh.learn(CHOICES, threads=len(CHOICES))
        fresh.index(CHOICES)
    hits = taught.similar(SimilarQuery("cartridge toner help"))

    assert [hit.thread_id for hit in hits] == [1_002, 1_001], "equal, so the newer one"
    assert taught.needs_rebuild() is None


def test_a_site_that_has_doubled_learns_anew_and_answers_meanwhile(
    database: Database, new_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning_module, "FIRST_LEARNED_AT", 4)
    indexer = Indexer(database, new_engine)
    indexer.reindex()
    assert new_engine.needs_rebuild() is None
    with database.transaction() as session:
        for number in range(4):
            make_question(session, title=f"Battery drains {number}")
    indexer.index_threads(range(1, 20))

    assert "has grown" in (new_engine.needs_rebuild() or "")
    assert new_engine.unusable() is None
    assert new_engine.similar(SimilarQuery("battery"))
    indexer.reindex()
    assert new_engine.needs_rebuild() is None


def test_a_sample_of_a_large_site_is_not_taken_for_growth(
    database: Database, new_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning_module, "FIRST_LEARNED_AT", 4)
    monkeypatch.setattr(indexer_module, "SAMPLE", 4)
    with database.transaction() as session:
        for number in range(6):
            make_question(session, title=f"Battery drains {number}")

    Indexer(database, new_engine).reindex()

    assert new_engine.needs_rebuild() is None
