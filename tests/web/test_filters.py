from datetime import UTC, date, datetime, timedelta

import pytest

from forum.core import clock
from forum.web import filters

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "text"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(hours=24), "yesterday"),
        (timedelta(hours=35), "yesterday"),
        (timedelta(hours=37), "1 day ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=29, hours=23), "29 days ago"),
        (timedelta(days=30), "31 May"),
        (timedelta(days=300), "3 Sep 2025"),
    ],
)
def test_a_moment_is_told_as_people_say_it(age: timedelta, text: str) -> None:
    with clock.frozen(NOW):
        assert filters.relative(NOW - age) == text


def test_a_day_of_a_list_is_told_without_its_year() -> None:
    assert filters.day_and_month(date(2026, 9, 3)) == "3 Sep"


def test_the_exact_moment_stands_in_the_title() -> None:
    with clock.frozen(NOW):
        html = filters.ago(NOW - timedelta(hours=2))

    assert html == (
        '<time datetime="2026-06-30T10:00:00Z" title="2026-06-30 10:00:00 UTC">2 hours ago</time>'
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (-7, "-7"),
        (999, "999"),
        (1000, "1k"),
        (1299, "1.2k"),
        (9999, "9.9k"),
        (12_999, "12k"),
        (999_999, "999k"),
        (5_650_000, "5.6m"),
        (-1500, "-1.5k"),
    ],
)
def test_a_number_is_shortened_and_never_rounded_up(number: int, text: str) -> None:
    assert filters.compact(number) == text


@pytest.mark.parametrize(("number", "text"), [(10, "+10"), (0, "0"), (-2, "−2"), (1967, "+1,967")])
def test_a_change_carries_its_sign(number: int, text: str) -> None:
    assert filters.signed(number) == text


@pytest.mark.parametrize(("name", "letter"), [("Ann", "A"), ("...x", "x"), ("李雷", "李"), ("--", "?")])
def test_the_initial_is_a_letter(name: str, letter: str) -> None:
    assert filters.initial(name) == letter


@pytest.mark.parametrize(
    ("address", "host"), [("https://www.example.org/me", "example.org"), ("https://a.b:8/", "a.b")]
)
def test_only_the_host_of_a_website_is_shown(address: str, host: str) -> None:
    assert filters.host(address) == host
