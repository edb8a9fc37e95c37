from datetime import UTC, date, datetime, timedelta

import pytest

from forum.pages import contribution_calendar as calendars
from forum.posts.queries.contributions import Contributions

TODAY = date(2026, 11, 28)
"""A Saturday."""
FIRST = date(2025, 11, 24)


def test_it_begins_with_the_monday_a_year_before_this_week() -> None:
    assert calendars.beginning(TODAY) == datetime(2025, 11, 24, tzinfo=UTC)
    assert calendars.beginning(FIRST).weekday() == 0


def test_each_day_has_its_square_and_none_is_drawn_twice() -> None:
    days = {FIRST: Contributions(answers=1), TODAY: Contributions(questions=2, edits=7)}

    calendar = calendars.draw(days, today=TODAY)

    assert calendar is not None
    first, last = calendar.squares
    assert (first.x, first.y, first.step) == (0, calendars.TOP, 1)
    assert (last.x, last.y, last.step) == (52 * calendars.PITCH, calendars.TOP + 5 * calendars.PITCH, 4)
    assert last.day == "28 November 2026"
    assert calendar.empty.count("M") == 53 * 7 - 1 - len(calendar.squares)
    assert calendar.counts == Contributions(questions=2, answers=1, edits=7)
    assert calendar.busiest == last


def test_days_before_and_after_it_are_not_shown() -> None:
    beside = [FIRST - timedelta(days=1), TODAY + timedelta(days=1)]

    assert calendars.draw({day: Contributions(comments=5) for day in beside}, today=TODAY) is None


@pytest.mark.parametrize(
    ("total", "step"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4), (500, 4)]
)
def test_more_on_a_day_is_a_stronger_colour(total: int, step: int) -> None:
    assert calendars.step_of(total) == step


def test_the_steps_and_the_months_have_names() -> None:
    calendar = calendars.draw({TODAY: Contributions(answers=1)}, today=TODAY)

    assert calendar is not None
    assert calendar.steps == ("none", "1", "2–3", "4–7", "8 or more")
    names = [label.text for label in calendar.months]
    assert names == ["Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


def test_the_table_has_a_line_for_each_month_and_adds_up() -> None:
    days = {FIRST + timedelta(days=step): Contributions(comments=1) for step in range(0, 365, 5)}

    calendar = calendars.draw(days, today=TODAY)

    assert calendar is not None
    assert (calendar.table[0].name, calendar.table[-1].name) == ("November 2026", "November 2025")
    assert len(calendar.table) == 13
    assert sum(month.counts.comments for month in calendar.table) == calendar.counts.total == len(days)
