from datetime import UTC, datetime, timedelta

import pytest

from forum.core.errors import Invalid, Refused
from forum.drafts import rules
from forum.drafts.rules import Kind, Place, Wording

NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "place",
    [Place(Kind.QUESTION), *(Place(kind, 42) for kind in Kind if kind is not Kind.QUESTION)],
    ids=str,
)
def test_a_place_is_found_again_by_its_name(place: Place) -> None:
    assert rules.place_named(str(place)) == place


@pytest.mark.parametrize(
    "name",
    ["", "answer", "answer-0", "answer--1", "question-1", "answer-x", "answer-1\n", "answer-" + "9" * 19],
)
def test_other_names_are_no_places(name: str) -> None:
    assert rules.place_named(name) is None


def test_a_draft_may_be_longer_than_a_post_but_not_without_end() -> None:
    assert rules.check_wording(Wording(source="x" * rules.SOURCE_LENGTH)).source

    with pytest.raises(Invalid, match="at most 100,000 characters"):
        rules.check_wording(Wording(source="x" * (rules.SOURCE_LENGTH + 1)))
    with pytest.raises(Invalid, match="at most 2,000 characters"):
        rules.check_wording(Wording(title="x" * (rules.LINE_LENGTH + 1)))


def test_what_no_database_keeps_is_taken_out() -> None:
    assert rules.check_wording(Wording(source="a\x00b\r\nc\td")).source == "ab\nc\td"


def test_room_is_made_for_one_more_by_the_oldest() -> None:
    old = [NOW - timedelta(days=2)] * rules.MOST_DRAFTS

    assert rules.oldest_to_drop(old[1:], now=NOW) == 0
    assert rules.oldest_to_drop(old, now=NOW) == 1


def test_what_was_typed_today_never_makes_room() -> None:
    with pytest.raises(Refused, match="Discard some"):
        rules.oldest_to_drop([NOW - timedelta(hours=23)] * rules.MOST_DRAFTS, now=NOW)
