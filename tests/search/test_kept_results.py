"""Searches that were made before are answered from what they found, for as long as that is true."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forum.core import clock
from forum.search.engine import Hits
from forum.search.engines import whoosh_index
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.engines.whoosh_reading import Found
from forum.search.engines.whoosh_results import KeptResults, Results
from forum.search.syntax import parse
from tests.search.threads import START, thread

TODAY = START + timedelta(days=10)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    engine = WhooshEngine(tmp_path, analyses_for("en"))
    with engine.rebuilding() as fresh:
        fresh.index(thread(number, f"Battery {number}", "It drains") for number in range(1, 8))
    yield engine
    engine.close()


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each search that was not answered from what is kept has found."""
    totals: list[int] = []
    find = whoosh_index.find

    def noting(*asked: Any) -> Found:
        found = find(*asked)
        totals.append(found.total)
        return found

    monkeypatch.setattr(whoosh_index, "find", noting)
    return totals


def search(engine: WhooshEngine, text: str, *, at: datetime = TODAY, page: int = 1) -> Hits:
    with clock.frozen(at):
        return engine.search(replace(parse(text, page=page, limit=5), with_facets=True))


def test_a_search_is_made_once_in_each_commit(engine: WhooshEngine, looked_up: list[int]) -> None:
    first, second = search(engine, "battery drains"), search(engine, "battery  drains")

    assert second == first
    assert first.total == 7
    assert looked_up == [7]


def test_a_commit_ends_what_was_kept(engine: WhooshEngine, looked_up: list[int]) -> None:
    search(engine, "battery")
    engine.remove([3])

    assert search(engine, "battery").total == 6
    assert looked_up == [7, 6]


@pytest.mark.parametrize(
    ("text", "page"), [("batteries drain", 1), ("battery", 2), ("is:question battery", 1)]
)
def test_another_search_finds_something_else(
    engine: WhooshEngine, looked_up: list[int], text: str, page: int
) -> None:
    search(engine, "battery")

    assert search(engine, text, page=page) == search(engine, text, page=page)
    assert len(looked_up) == 2


def test_counts_by_age_are_true_to_the_moment(engine: WhooshEngine, looked_up: list[int]) -> None:
    week = timedelta(days=7)
    last_day_of_five = START + timedelta(days=3) + week

    def counted(at: datetime) -> int:
        facets = search(engine, "battery", at=at).facets
        return next((age.count for age in facets.ages if age.value == "7d"), 0) if facets else -1

    assert counted(last_day_of_five - timedelta(hours=1)) == 5
    assert counted(last_day_of_five) == 5
    assert looked_up == [7]
    assert counted(last_day_of_five + timedelta(microseconds=1)) == 4
    assert looked_up == [7, 7]


def test_what_is_said_of_a_query_is_said_anew(engine: WhooshEngine) -> None:
    assert not search(engine, "battery").ignored
    assert search(engine, "battery the").ignored


def test_what_nobody_asked_for_the_longest_is_dropped() -> None:
    kept, found = KeptResults(most=2), Results(0, (), relaxed=False, facets=None, until=5)
    for key in "aba":
        kept.put(key, found)
    kept.put("c", found)

    assert [key for key in "abc" if kept.get(key, at=5)] == ["a", "c"]
    assert not kept.get("a", at=6)
