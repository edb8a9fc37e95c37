from datetime import UTC, datetime, timedelta

import pytest

from forum.core.errors import Invalid, Refused
from forum.saved_searches import rules

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dock  Monitor", " dock monitor "),
        ("[WiFi] drops", "[wifi] Drops"),
        ("cafe\u0301", "caf\u00e9"),
    ],
)
def test_blanks_case_and_spelling_of_accents_make_no_other_search(one: str, other: str) -> None:
    assert rules.text_key(one) == rules.text_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("dock OR hub", "dock or hub"), ("NOT dock", "not dock"), ("dock hub", "hub dock")],
)
def test_what_finds_something_else_is_another_search(one: str, other: str) -> None:
    assert rules.text_key(one) != rules.text_key(other)


def test_a_search_is_kept_as_it_was_typed() -> None:
    assert rules.check_text("  Dock  OR Hub ") == "Dock  OR Hub"


@pytest.mark.parametrize("text", ["", "   ", "x" * (rules.TEXT_LENGTH + 1)])
def test_no_text_and_too_long_a_text_are_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_text(text)
    assert refused.value.field == "text"


def test_a_search_without_a_name_is_called_by_its_text() -> None:
    assert rules.check_name("  My \t docks ", text="dock") == "My docks"
    assert rules.check_name(" ", text="dock  monitor") == "dock monitor"
    assert len(rules.check_name("", text="x" * 200)) == rules.NAME_LENGTH


def test_too_long_a_name_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_name("x" * (rules.NAME_LENGTH + 1), text="dock")
    assert refused.value.field == "name"


def test_an_order_that_searches_do_not_have_becomes_relevance() -> None:
    assert rules.check_sort("newest") == "newest"
    assert rules.check_sort("'; --") == "relevance"


def test_the_number_of_saved_searches_is_bounded() -> None:
    rules.refuse_save(saved_count=rules.MOST_SAVED - 1)
    with pytest.raises(Refused, match="Delete one"):
        rules.refuse_save(saved_count=rules.MOST_SAVED)


def test_a_look_ends_before_what_may_not_be_committed_or_indexed_yet() -> None:
    assert rules.looked_until(now=NOW, lag=timedelta(0)) == NOW - rules.COMMIT_SLACK
    assert rules.looked_until(now=NOW, lag=timedelta(hours=1)) == NOW - timedelta(hours=1, minutes=1)


def test_a_thread_that_can_not_be_indexed_does_not_hold_looking_back_for_ever() -> None:
    assert rules.looked_until(now=NOW, lag=timedelta(days=30)) == NOW - rules.LONGEST_LAG
