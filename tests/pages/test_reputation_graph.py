from datetime import date, timedelta

import pytest

from forum.pages import reputation_graph as graphs
from forum.reputation.rules import Day

FIRST = date(2026, 1, 10)


def test_the_total_goes_from_day_to_day_and_never_below_one() -> None:
    days = {
        FIRST: Day(gain=10, floor=1),
        FIRST + timedelta(days=2): Day(gain=-30, floor=1),
        FIRST + timedelta(days=5): Day(gain=-20, floor=6),
    }

    assert graphs.running_totals(days) == [
        (date(2026, 1, 9), 1),
        (date(2026, 1, 10), 11),
        (date(2026, 1, 12), 1),
        (date(2026, 1, 15), 6),
    ]


@pytest.mark.parametrize(
    ("greatest", "marks"),
    [
        (1, ["0", "1", "2", "3", "4"]),
        (11, ["0", "5", "10", "15"]),
        (763, ["0", "200", "400", "600", "800"]),
        (1000, ["0", "500", "1k"]),
        (54_321, ["0", "20k", "40k", "60k"]),
    ],
)
def test_the_axis_has_round_numbers_that_hold_the_total(greatest: int, marks: list[str]) -> None:
    graph = graphs.draw({FIRST: Day(gain=greatest - 1)}, today=FIRST)

    assert [mark.text for mark in graph.totals] == marks


def test_the_curve_ends_at_the_right_on_the_last_day() -> None:
    graph = graphs.draw({FIRST: Day(gain=9)}, today=FIRST + timedelta(days=30))

    assert graph.curve.startswith(f"M{float(graphs.LEFT)} ")
    assert graph.curve.endswith(f"H{float(graphs.WIDTH - graphs.RIGHT)}")
    assert graph.summary == "From 1 on 9 January 2026 to 10 on 9 February 2026."


def test_a_long_history_keeps_its_ends_and_a_bounded_number_of_points() -> None:
    points = [(FIRST + timedelta(days=number), number) for number in range(5000)]
    thin = graphs.thinned(points)

    assert len(thin) == graphs.MOST_POINTS
    assert (thin[0], thin[-1]) == (points[0], points[-1])
    assert thin == sorted(set(thin))


@pytest.mark.parametrize(
    ("every", "periods"),
    [(20, ["March 2026", "February 2026", "January 2026"]), (300, ["2028", "2027", "2026"])],
)
def test_the_table_has_months_or_years_and_adds_up(every: int, periods: list[str]) -> None:
    days = {FIRST + timedelta(days=every * number): Day(gain=5) for number in range(4)}
    table = graphs.draw(days, today=max(days)).table

    assert [line.period for line in table] == periods
    assert sum(line.change for line in table) == table[0].total - 1 == 20
