"""Searches in memory: each visitor's counts once in a while, and what waits is bounded."""

from datetime import UTC, date, datetime

import pytest

from forum.core import clock
from forum.searches.rules import SearchCounts
from forum.web import pending_searches
from forum.web.pending_searches import PendingSearches

DAY = date(2026, 11, 3)


@pytest.fixture
def pending() -> PendingSearches:
    return PendingSearches()


def search(pending: PendingSearches, typed: str, *, visitor: str = "ada", results: int = 3) -> bool:
    """Search at noon of the day."""
    with clock.frozen(datetime(2026, 11, 3, 12, tzinfo=UTC)):
        return pending.add_search(typed, visitor=visitor, results=results, relaxed=False)


def open_result(
    pending: PendingSearches, typed: str, *, visitor: str = "ada", is_solved: bool = False
) -> bool:
    """Open a result at noon of the day."""
    with clock.frozen(datetime(2026, 11, 3, 12, tzinfo=UTC)):
        return pending.add_opened(typed, visitor=visitor, is_solved=is_solved)


def test_a_reload_is_no_search_and_another_visitor_is_one(pending: PendingSearches) -> None:
    told = [
        search(pending, "Wifi  drops"),
        search(pending, "wifi drops "),
        search(pending, "wifi drops", visitor="grace"),
        search(pending, "wifi"),
    ]

    assert told == [True, False, True, True]
    assert pending.take() == {
        (DAY, "wifi drops"): SearchCounts(searches=2, results=3),
        (DAY, "wifi"): SearchCounts(searches=1, results=3),
    }


def test_the_same_search_counts_again_after_half_an_hour(
    pending: PendingSearches, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for seconds in (0, 600, 1190, 20, 1780, 30):
        now += seconds
        search(pending, "wifi")

    # After 1810 seconds and after 3620 seconds; a reload in between prolongs nothing.
    assert pending.take()[DAY, "wifi"].searches == 3


def test_a_search_is_opened_once_however_many_results_are(pending: PendingSearches) -> None:
    search(pending, "wifi")
    told = [
        open_result(pending, "wifi"),
        open_result(pending, "wifi"),
        open_result(pending, "wifi", is_solved=True),
        open_result(pending, "WIFI", is_solved=True),
    ]

    assert told == [True, False, True, False]
    assert pending.take() == {(DAY, "wifi"): SearchCounts(searches=1, opened=1, solved=1, results=3)}


def test_a_new_search_can_be_opened_anew(pending: PendingSearches, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    search(pending, "wifi")
    now += 1700
    open_result(pending, "wifi", is_solved=True)
    now += 200
    search(pending, "wifi")
    open_result(pending, "wifi", is_solved=True)

    assert pending.take()[DAY, "wifi"] == SearchCounts(searches=2, opened=2, solved=2, results=3)


def test_what_waits_is_bounded_and_the_rest_counts_for_the_day(
    pending: PendingSearches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pending_searches, "PENDING_TEXTS", 2)
    for number in range(50):
        search(pending, f"text {number}", results=0)

    taken = pending.take()

    assert set(taken) == {(DAY, "text 0"), (DAY, "text 1"), (DAY, "")}
    assert taken[DAY, ""].searches == 48


def test_what_could_not_be_written_is_kept_with_what_came_meanwhile(pending: PendingSearches) -> None:
    search(pending, "wifi", results=0)
    failed = pending.take()
    search(pending, "wifi", visitor="grace", results=2)
    search(pending, "beep", visitor="grace")

    pending.put_back(failed)

    assert pending.take() == {
        (DAY, "wifi"): SearchCounts(searches=2, empty=1, results=2),
        (DAY, "beep"): SearchCounts(searches=1, results=3),
    }
    assert len(pending) == 0
