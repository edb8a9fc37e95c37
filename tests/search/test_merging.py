"""Segments that are merged hold what one segment would hold that was written at once."""

from pathlib import Path

import pytest

from forum.search.engines import whoosh_writing
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_index import WhooshIndex
from forum.search.threads import ThreadDocument
from tests.search.threads import answer, thread

ENGLISH = analyses_for("en")
FIELDS = ("text", "title", "question", "answer", "code", "kind", "thread", "tag", "author", "word", "spelt")
WORDS = ("battery", "charger", "dock", "printer", "router", "scanner")


def a_thread(number: int, *, turn: int = 0) -> ThreadDocument:
    words = [WORDS[(number * step + turn) % len(WORDS)] for step in (1, 2, 3, 3)]
    return thread(
        number,
        f"{words[0]} and {words[1]}",
        " ".join(words * 3),
        answers=(answer(1000 + number, f"Buy a {words[2]}"),) if number % 3 else (),
        code=f"run_{words[3]}()",
        tags=(words[0],),
    )


def postings(index: WhooshIndex) -> dict[tuple[str, str], dict[tuple[int, int], tuple[int, list[int]]]]:
    """Return, for each term of each field, how often and where living records hold it."""
    found: dict[tuple[str, str], dict[tuple[int, int], tuple[int, list[int]]]] = {}
    with index._searching() as snapshot:
        for part in snapshot.parts:
            ids = [part.segment.columns[name] for name in ("thread_id", "post_id")]
            for field in FIELDS:
                for term in part.segment.terms(field, ""):
                    block = part.segment.postings(field, term)
                    assert block is not None
                    assert block.numbers.tolist() == sorted(set(block.numbers.tolist()))
                    numbers, positions = block.positions()
                    for number, often in zip(block.numbers, block.frequencies, strict=True):
                        if part.alive[number]:
                            key = (int(ids[0][number]), int(ids[1][number]))
                            places = positions[numbers == number].tolist()
                            found.setdefault((field, term), {})[key] = (int(often), places)
    return found


def new_index(folder: Path) -> WhooshIndex:
    folder.mkdir()
    return WhooshIndex.create(folder, ENGLISH)


def test_many_commits_come_to_the_same_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whoosh_writing, "SMALL", 0)
    often, once = new_index(tmp_path / "often"), new_index(tmp_path / "once")
    for first in range(1, 61, 4):
        often.index(a_thread(number) for number in range(first, first + 4))
    often.index(a_thread(number, turn=1) for number in range(5, 25))
    often.remove(range(30, 40))
    for number in range(100, 120):
        often.index([a_thread(number)])
    expected = {number: a_thread(number) for number in (*range(1, 61), *range(100, 120))}
    expected |= {number: a_thread(number, turn=1) for number in range(5, 25)}
    once.index(document for number, document in expected.items() if not 30 <= number < 40)

    with often._searching() as snapshot, once._searching() as whole:
        assert 1 < len(snapshot.parts) <= whoosh_writing.MOST_SMALL_SEGMENTS + 1
        assert len(whole.parts) == 1
    assert postings(often) == postings(once)
    assert len(postings(once)) > 60
