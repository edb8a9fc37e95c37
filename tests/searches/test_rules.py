from datetime import date

import pytest

from forum.accounts.rules import Actor
from forum.core.errors import Refused
from forum.searches import rules
from forum.searches.rules import SearchCounts, normal_text, tags_asked_for


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Dock   loses\tNETWORK ", "dock loses network"),
        ("ＵＳＢ－Ｃ Straße", "usb-c strasse"),
        ("[WiFi] -[ubuntu] drops", "[wifi] -[ubuntu] drops"),
        ("printer user:4711", "printer user:"),
        ('printer USER:"Ada Lovelace" jam', "printer user: jam"),
        ('printer -user:"Ada Lovelace', "printer -user:"),
        ("user:me", ""),
        ('user:"Ada Lovelace"', ""),
        ("?! …", ""),
        ("null\x00 byte \ud800 half", "null byte half"),
    ],
)
def test_equal_searches_are_written_alike_and_without_people(typed: str, kept: str) -> None:
    assert normal_text(typed) == kept


def test_a_long_text_is_cut_and_writing_it_down_again_changes_nothing() -> None:
    kept = normal_text("ﬁ blank " * 400)

    assert len(kept) <= rules.TEXT_LENGTH
    assert normal_text(kept) == kept


def test_tags_are_those_in_brackets_that_are_not_excluded() -> None:
    assert tags_asked_for("[wifi] drops [usb-c] -[ubuntu] [wifi]") == ("wifi", "usb-c")


def test_counts_add_up_and_keep_what_the_last_search_found() -> None:
    counts = SearchCounts(searches=1, results=7)

    counts.add(SearchCounts(opened=1, solved=1))
    counts.add(SearchCounts(searches=2, empty=1, relaxed=1, results=4))
    counts.add(SearchCounts(opened=1))

    assert counts == SearchCounts(searches=3, empty=1, relaxed=1, opened=2, solved=1, results=4)


def test_a_year_is_kept() -> None:
    assert rules.oldest_kept(date(2026, 12, 31)) == date(2026, 1, 1)


@pytest.mark.parametrize("role", ["moderator", "admin"])
def test_those_who_keep_order_see_what_is_searched_for(role: str) -> None:
    rules.refuse_insight(Actor(id=1, name="Mo", role=role, reputation=1))


def test_others_do_not() -> None:
    with pytest.raises(Refused, match="Only moderators"):
        rules.refuse_insight(Actor(id=1, name="Me", role="member", reputation=90_000))
