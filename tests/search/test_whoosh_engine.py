"""The index on disk: what it does when its files are not as they should be, and between threads."""

import gc
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from forum.search.engine import SearchUnavailable, SimilarQuery
from forum.search.engines import whoosh_health, whoosh_writing
from forum.search.engines.file_lock import held
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.syntax import parse
from tests.search.threads import answer, thread

ENGLISH = analyses_for("en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


@pytest.fixture
def engine(folder: Path) -> Iterator[WhooshEngine]:
    engine = WhooshEngine(folder, ENGLISH, patience=0.2)
    with engine.rebuilding() as fresh:
        fresh.index(thread(number, f"Battery {number}", "It drains " * number) for number in range(1, 30))
    yield engine
    engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells what a process has mapped.")
def test_it_lets_go_of_its_files_until_the_next_search(engine: WhooshEngine, folder: Path) -> None:
    assert engine.search(parse("battery")).total == 29
    assert str(folder) in Path("/proc/self/maps").read_text()

    engine.let_go()

    assert str(folder) not in Path("/proc/self/maps").read_text()
    assert engine.search(parse("battery")).total == 29


@pytest.mark.parametrize("count", range(1, 25))
def test_texts_of_threads_are_read_back_whatever_their_number_and_length(folder: Path, count: int) -> None:
    # Their marks have 32 bytes each, so that those of eight threads end where places need larger numbers.
    threads = [
        thread(number, f"T{number}", answers=(answer(number + 100, "Yes."),))
        for number in range(1, count + 1)
    ]
    engine = WhooshEngine(folder, ENGLISH)
    with engine.rebuilding():
        pass
    engine.index(threads)

    assert engine.fingerprints() == {each.thread_id: each.fingerprint() for each in threads}
    assert {each.thread_id: each for each in engine.documents(range(1, count + 1))} == {
        each.thread_id: each for each in threads
    }
    engine.close()


def test_opening_writes_nothing(folder: Path) -> None:
    engine = WhooshEngine(folder, ENGLISH)
    assert "askwell reindex" in (engine.needs_rebuild() or "")
    with pytest.raises(SearchUnavailable, match="no search index yet"):
        engine.search(parse("battery"))
    with pytest.raises(SearchUnavailable, match="no search index yet"):
        engine.fingerprints()
    assert not folder.exists()


def test_it_takes_nothing_in_before_the_first_rebuild(folder: Path) -> None:
    engine = WhooshEngine(folder, ENGLISH)
    with pytest.raises(SearchUnavailable, match="no search index yet"):
        engine.index([thread(1)])
    with pytest.raises(SearchUnavailable, match="no search index yet"):
        engine.remove([1])


def test_another_engine_sees_commits_and_rebuilds_at_its_next_search(
    engine: WhooshEngine, folder: Path
) -> None:
    other = WhooshEngine(folder, ENGLISH)
    assert other.search(parse("battery")).total == 29
    engine.index([thread(50, "Battery 50")])
    assert other.search(parse("battery")).total == 30
    with engine.rebuilding() as fresh:
        fresh.index([thread(1, "Battery")])
    assert other.search(parse("battery")).total == 1
    other.close()


@pytest.mark.parametrize(
    ("language", "version", "message"),
    [("de", None, "another version"), ("en", 999, "another version")],
)
def test_an_index_made_otherwise_must_be_rebuilt(
    engine: WhooshEngine,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    version: int | None,
    message: str,
) -> None:
    if version is not None:
        monkeypatch.setattr("forum.search.engines.whoosh_health.VERSION", version)
    other = WhooshEngine(folder, analyses_for(language))
    assert message in (other.needs_rebuild() or "")
    with pytest.raises(SearchUnavailable, match=message):
        other.search(parse("battery"))
    with pytest.raises(SearchUnavailable, match=message):
        other.index([thread(1)])
    with other.rebuilding() as fresh:
        fresh.index([thread(1, "Battery")])
    assert other.needs_rebuild() is None
    assert other.count() == 1


def _segment(folder: Path) -> Path:
    return next((folder / "000001").glob("*.seg"))


def _cut_off(folder: Path) -> None:
    path = _segment(folder)
    path.write_bytes(path.read_bytes()[:2_000])


def _overwritten(folder: Path) -> None:
    path = _segment(folder)
    path.write_bytes(b"\xff" * path.stat().st_size)


def _emptied(folder: Path) -> None:
    _segment(folder).write_bytes(b"")


def _without_segments(folder: Path) -> None:
    _segment(folder).unlink()


def _without_list(folder: Path) -> None:
    next((folder / "000001").glob("*.toc")).unlink()


def _broken_list(folder: Path) -> None:
    next((folder / "000001").glob("*.toc")).write_bytes(b"nonsense")


def _without_label(folder: Path) -> None:
    (folder / "000001" / "label.json").unlink()


def _without_generation(folder: Path) -> None:
    shutil.rmtree(folder / "000001")


def _nonsense_pointer(folder: Path) -> None:
    (folder / "current").write_bytes(b"\xff../../etc")


@pytest.mark.parametrize(
    "damage",
    [
        _cut_off,
        _overwritten,
        _emptied,
        _without_segments,
        _without_list,
        _broken_list,
        _without_label,
        _without_generation,
        _nonsense_pointer,
    ],
)
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh forgets files it fails to read.
def test_damage_is_reported_and_mended_by_a_rebuild(
    engine: WhooshEngine, folder: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], None]
) -> None:
    # A log record would keep the traceback, and with it the files, beyond this test.
    monkeypatch.setattr(whoosh_health.log, "disabled", True)
    engine.close()
    damage(folder)
    other = WhooshEngine(folder, ENGLISH)
    with pytest.raises(SearchUnavailable, match="askwell reindex"):
        other.search(parse("battery drains"))
    assert other.needs_rebuild()
    with other.rebuilding() as fresh:
        fresh.index([thread(1, "Battery")])
    assert other.needs_rebuild() is None
    assert other.search(parse("battery")).total == 1
    gc.collect()


def test_a_writer_waits_for_another_but_not_for_ever(engine: WhooshEngine, folder: Path) -> None:
    with held(folder / "writer.lock", seconds=0, refusal="taken"):
        with pytest.raises(SearchUnavailable, match="Another process"):
            engine.index([thread(50)])
        assert engine.search(parse("battery")).total == 29
    engine.index([thread(50, "Battery")])
    assert engine.count() == 30


def test_an_error_while_indexing_leaves_the_index_as_it_was(engine: WhooshEngine) -> None:
    class Unreadable(str):
        __slots__ = ()

        def isascii(self) -> bool:
            raise RuntimeError("cannot be read")

    broken = thread(51, "Battery", author=(1, Unreadable("x")))
    with pytest.raises(RuntimeError, match="cannot be read"):
        engine.index([thread(50, "Battery"), broken])
    assert engine.count() == 29
    engine.index([thread(50, "Battery")])
    assert engine.count() == 30


def test_old_generations_and_half_built_ones_are_removed(engine: WhooshEngine, folder: Path) -> None:
    (folder / "000077").mkdir()
    for _ in range(3):
        with engine.rebuilding() as fresh:
            fresh.index([thread(1, "Battery")])
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["000004"]


def test_many_commits_leave_few_segments(engine: WhooshEngine) -> None:
    for number in range(100, 160):
        engine.index([thread(number, "Battery", answers=(answer(number * 10, "Replace it"),))])
    segments = engine._live_index()._index._segments()
    assert len(segments) <= whoosh_writing.MOST_SMALL_SEGMENTS
    assert engine.search(parse("battery", limit=100)).total == 89


def test_segments_of_dead_records_are_rewritten(engine: WhooshEngine) -> None:
    for _ in range(3):
        engine.index(thread(number, f"Battery {number}") for number in range(1, 25))
    segments = engine._live_index()._index._segments()
    assert sum(segment.deleted_count() for segment in segments) <= 29
    assert engine.count() == 29


def test_too_many_segments_are_merged_but_never_more_than_a_merge_may_write(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whoosh_writing, "SMALL", 0)
    index = engine._live_index()._index
    for number in range(100, 130):
        engine.index([thread(number, "Battery")])
        whoosh_writing._tidy(index, 10, most_small=4)
        assert sum(segment.doc_count() <= 5 for segment in index._segments()) <= 4
    assert sorted(segment.doc_count() for segment in index._segments())[-2] <= 10
    assert engine.search(parse("battery")).total == 59


def test_a_rebuild_ends_with_few_segments(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_writing, "SMALL", 0)
    engine = WhooshEngine(folder, ENGLISH)
    with engine.rebuilding() as fresh:
        for number in range(1, 7):
            fresh.index([thread(number, "Battery")])
            fresh.commit()
    assert len(engine._live_index()._index._segments()) == 1
    assert engine.search(parse("battery")).total == 6
    engine.close()


def test_searches_go_on_while_others_write_and_rebuild(engine: WhooshEngine) -> None:
    done = Event()
    failures: list[object] = []

    def keep_searching() -> None:
        while not done.is_set():
            try:
                total = engine.search(parse("battery drains")).total
                if total != 29:
                    failures.append(total)
            except Exception as error:
                failures.append(error)

    searchers = [Thread(target=keep_searching) for _ in range(3)]
    for searcher in searchers:
        searcher.start()
    everything = [thread(number, f"Battery {number}", "It drains " * number) for number in range(1, 30)]
    for _ in range(3):
        engine.index(everything[:5])
        with engine.rebuilding() as fresh:
            fresh.index(everything)
    done.set()
    for searcher in searchers:
        searcher.join()
    assert failures == []


def test_a_word_that_is_being_typed_finds_its_likeliest_ending(engine: WhooshEngine) -> None:
    engine.index([thread(99, "Charging station hums")])

    assert [hit.thread_id for hit in engine.similar(SimilarQuery("char", is_unfinished=True))] == [99]
    assert engine.similar(SimilarQuery("char")) == ()
    assert engine.similar(SimilarQuery("zzz", is_unfinished=True)) == ()
    assert engine.similar(SimilarQuery("char ", is_unfinished=True)) == ()
