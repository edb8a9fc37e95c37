"""The arrays below the index on disk: what is written is read again, memory is bounded, files are closed."""

import gc
import os
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import FileIndex

from forum.search.engine import SimilarQuery
from forum.search.engines import whoosh_snapshots
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_codec import Block, _Values, decode_positions, encode_positions
from forum.search.engines.whoosh_index import WhooshIndex
from forum.search.engines.whoosh_mapping import MappedFile
from forum.search.engines.whoosh_matches import Matches, in_all, in_any, places_in, with_bonus
from forum.search.engines.whoosh_postings import Portion, Postings
from forum.search.engines.whoosh_schema import schema
from forum.search.engines.whoosh_segments import PostingsCache
from forum.search.engines.whoosh_snapshots import Snapshots
from forum.search.numbering import TermNumbers
from forum.search.records import TEXT
from tests.search.threads import answer, thread

ENGLISH = analyses_for("en")
SIZE = 6_000
SCORES = st.dictionaries(st.integers(0, SIZE - 1), st.floats(0, 9), max_size=12)


POSTINGS = st.lists(st.lists(st.integers(0, 300_000), unique=True, min_size=1).map(sorted), min_size=1)


def encoded_each(postings: list[list[int]]) -> list[bytes]:
    """Return what is written about each posting."""
    counts = np.array([len(positions) for positions in postings], np.uint32)
    steps, sizes = encode_positions(np.array(list(chain.from_iterable(postings)), np.uint32), counts)
    return [part.tobytes() for part in np.split(steps, np.cumsum(sizes)[:-1].astype(int))]


@given(POSTINGS)
def test_positions_are_read_as_they_were_written(postings: list[list[int]]) -> None:
    assert [decode_positions(part).tolist() for part in encoded_each(postings)] == postings


def matches(scores: dict[int, float], *, large: bool) -> Matches:
    """Return the scores as a set; a large one takes the way by arrays over all records."""
    filled = dict.fromkeys(range(3_000, SIZE), 1.0) | scores if large else scores
    numbers = sorted(filled)
    return Matches(np.array(numbers, np.int64), np.array([filled[number] for number in numbers], float))


def scores_of(found: Matches) -> dict[int, float]:
    return dict(zip(found.numbers.tolist(), found.scores.tolist(), strict=True))


@pytest.mark.parametrize("large", [False, True])
@given(st.lists(SCORES, min_size=1, max_size=4))
def test_sets_are_put_together_as_dictionaries_would_be(
    large: bool, given_scores: list[dict[int, float]]
) -> None:
    parts = [matches(scores, large=large) for scores in given_scores]
    plain = [scores_of(part) for part in parts]
    in_every = set(plain[0]).intersection(*plain[1:])
    assert scores_of(in_all(parts, SIZE)) == pytest.approx(
        {number: sum(part[number] for part in plain) for number in in_every}
    )
    assert scores_of(in_any(parts, SIZE)) == pytest.approx(
        {number: sum(part.get(number, 0.0) for part in plain) for number in set().union(*plain)}
    )
    assert scores_of(with_bonus(parts[0], parts[-1], SIZE)) == pytest.approx(
        {number: score + plain[-1].get(number, 0.0) for number, score in plain[0].items()}
    )


def test_places_of_what_is_missing_are_negative() -> None:
    numbers = np.array([1, 5, 9], np.int64)
    assert places_in(numbers, np.array([5, 7], np.int64), 10).tolist() == [-1, 0, -1]
    assert places_in(numbers, np.zeros(0, np.int64), 10).tolist() == [-1, -1, -1]


def a_block(postings: int) -> Block:
    return Block(np.arange(postings, dtype=np.uint32), np.ones(postings, np.uint16))


def test_the_cache_stays_within_its_bytes_and_keeps_what_was_used_last() -> None:
    cache = PostingsCache(most_bytes=30_000)
    for number in range(40):
        cache.put(("a", "text", str(number)), a_block(500))
        assert cache.get(("a", "text", "0"))[0], number
        assert cache.bytes <= 30_000
    assert cache.get(("a", "text", "39"))[0]
    assert not cache.get(("a", "text", "5"))[0]


def test_the_cache_remembers_that_a_term_is_missing_and_forgets_segments() -> None:
    cache = PostingsCache()
    cache.put(("a", "text", "x"), None)
    cache.put(("b", "text", "x"), a_block(3))
    assert cache.get(("a", "text", "x")) == (True, None)
    cache.forget({"a"})
    assert cache.get(("a", "text", "x")) == (False, None)
    cache.forget({"b"})
    assert cache.bytes == 0


def test_mapped_postings_count_for_what_is_around_them(folder: Path) -> None:
    written = WhooshIndex.create(folder, ENGLISH)
    written.index(thread(number, "Battery", "drains " * (number % 2 + 1)) for number in range(1, 600))
    snapshots = Snapshots(FileIndex(FileStorage(str(folder)), schema=schema()))
    with snapshots.lent() as snapshot:
        often, once = (snapshot.parts[0].segment.postings(TEXT, term) for term in ("drain", "batteri"))
        assert often is not None
        assert once is not None
        assert len(often.numbers) == len(once.numbers) == 599
        assert isinstance(often.numbers.base, memoryview)
        assert isinstance(often.frequencies.base, memoryview)
        assert once.frequencies.tolist() == [1] * 599
        assert snapshots._cache.bytes < 3_000
    snapshots.close()
    written.close()
    # What is still held can be read when everything is closed.
    assert often.numbers.tolist() == list(range(599))
    del often, once
    gc.collect()
    assert open_files(folder) == 0


def open_files(folder: Path) -> int:
    maps = Path("/proc/self/maps").read_text()
    names = {line.split()[-1] for line in maps.splitlines() if str(folder) in line}
    descriptors = [os.readlink(path) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return len(names | {name for name in descriptors if str(folder) in name})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    path.mkdir()
    return path


def test_a_commit_opens_only_what_it_wrote_and_what_it_outdates_is_closed(folder: Path) -> None:
    written = WhooshIndex.create(folder, ENGLISH)
    written.index(thread(number, "Battery", answers=(answer(number * 10, "x"),)) for number in range(1, 40))
    snapshots = Snapshots(FileIndex(FileStorage(str(folder)), schema=schema()))
    with snapshots.lent() as before:
        first = before.parts[0].segment
    written.index([thread(50, "Battery")])
    with snapshots.lent() as after:
        assert after.parts[0].segment is first
        assert len(after.parts) == 2
        with snapshots.lent() as same:
            assert same is after
    written.index(thread(number, "Charger") for number in range(1, 60))
    with snapshots.lent() as newest:
        assert first not in [part.segment for part in newest.parts]
        assert newest.parts[0].alive.all()
    snapshots.close()
    written.close()
    gc.collect()
    assert open_files(folder) == 0


def test_what_is_in_use_is_closed_when_it_is_given_back(folder: Path) -> None:
    written = WhooshIndex.create(folder, ENGLISH)
    written.index([thread(1, "Battery")])
    snapshots = Snapshots(FileIndex(FileStorage(str(folder)), schema=schema()))
    with snapshots.lent() as used:
        written.index([thread(1, "Charger")])
        with snapshots.lent() as newest:
            assert newest is not used
        snapshots.close()
        assert used.parts[0].segment.document(0).title == "Battery"
    written.close()
    gc.collect()
    assert open_files(folder) == 0


def test_opening_an_index_copies_none_of_its_postings(folder: Path) -> None:
    written = WhooshIndex.create(folder, ENGLISH)
    text = " ".join(f"word{number}" for number in range(3_000))
    written.index(thread(number, "Battery", text) for number in range(1, 60))
    written.close()
    [segment] = folder.glob("*.seg")
    tracemalloc.start()
    snapshots = Snapshots(FileIndex(FileStorage(str(folder)), schema=schema()))
    with snapshots.lent() as snapshot:
        assert snapshot.threads == 59
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    snapshots.close()
    assert segment.stat().st_size > 2_000_000
    assert most < segment.stat().st_size / 4


def test_memory_is_given_back_while_others_search(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_snapshots, "LET_GO_EVERY", 2)
    written = WhooshIndex.create(folder, ENGLISH)
    written.index(thread(number, f"Battery {number}", "drains fast") for number in range(1, 40))
    query = SimilarQuery("battery drains", limit=30)
    expected = [(hit.thread_id, hit.snippet) for hit in written.similar(query)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda _: written.similar(query), range(40)))
    assert all([(hit.thread_id, hit.snippet) for hit in hits] == expected for hits in found)
    written.close()


@given(POSTINGS)
def test_the_positions_of_some_postings_are_read_at_once(postings: list[list[int]]) -> None:
    encoded = encoded_each(postings)
    ends = np.cumsum([len(part) for part in encoded], dtype="<u4")
    file = BufferFile(b"".join([ends.tobytes(), *encoded]))
    values = _Values(file, count=len(postings), ends_at=0, content_at=ends.nbytes)
    block = Block(np.arange(len(postings), dtype=np.uint32), np.ones(len(postings), np.uint16), values)
    places = np.arange(len(postings))[::2]
    owners, positions = block.positions_at(places)
    assert [positions[owners == place].tolist() for place in range(len(places))] == postings[::2]


Held = dict[str, list[int]]
RECORDS = st.lists(
    st.dictionaries(st.sampled_from(["a", "b", "c", "\u00e4"]), POSTINGS.map(lambda p: p[0])), max_size=6
)


def portion(records: list[Held]) -> Portion:
    known = TermNumbers()
    standing = [
        (known[term], number, position)
        for number, held in enumerate(records)
        for position, term in sorted((position, term) for term in held for position in held[term])
    ]
    terms, numbers, positions = np.array(standing, np.int64).reshape(-1, 3).T
    return Portion.of_texts(known, terms.astype(np.uint32), numbers, positions)


@given(st.lists(RECORDS, max_size=3))
def test_postings_are_those_of_each_term_in_the_order_of_records(batches: list[list[Held]]) -> None:
    postings, records = Postings(), list[Held]()
    for batch in batches:
        postings.add(portion(batch), len(records))
        records += batch

    by_term = postings.by_term()
    assert by_term.names == sorted({term.encode() for held in records for term in held})
    assert by_term.part(b"unknown") is None
    for term in by_term.names:
        part = by_term.part(term)
        assert part is not None
        holding = [number for number, held in enumerate(records) if term.decode() in held]
        positions = [records[number][term.decode()] for number in holding]
        assert part.numbers.tolist() == holding
        assert part.frequencies.tolist() == [len(found) for found in positions]
        starts = [0, *part.ends.tolist()]
        pieces = [part.content[start:end] for start, end in pairwise(starts)]
        assert [decode_positions(piece).tolist() for piece in pieces] == positions


def test_marks_that_are_written_the_same_are_one_term() -> None:
    postings, known = Postings(), TermNumbers(errors="replace")
    marks = np.array([known["\ud800"], known["a"], known["\ud801"]], np.int64)
    postings.add(Portion.of_marks(known, marks, np.array([0, 0, 1])), 0)

    by_term = postings.by_term()
    part = by_term.part(b"?")
    assert by_term.names == [b"?", b"a"]
    assert part is not None
    assert (part.numbers.tolist(), part.frequencies.tolist(), part.content) == ([0, 1], [1, 1], b"")


def test_a_view_reads_like_a_file() -> None:
    content = bytes(range(200))
    viewed, copied = MappedFile(memoryview(content), "a"), BufferFile(content)
    for file in (viewed, copied):
        file.seek(10)
    assert (viewed.read(5), viewed.tell(), viewed.read_int()) == (
        copied.read(5),
        copied.tell(),
        copied.read_int(),
    )
    for file in (viewed, copied):
        file.seek(-3, os.SEEK_END)
    assert (viewed.read(), viewed.read(1), viewed.get(3, 4)) == (copied.read(), b"", copied.get(3, 4))
    viewed.close()
