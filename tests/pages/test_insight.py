"""The figures of the insight page: what they add up, how they are drawn, and what they cost."""

import csv
import io
import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from forum.core import clock
from forum.core.db import Database
from forum.pages import insight, insight_charts, insight_gaps, insight_tables
from forum.pages.insight_gaps import Gap
from forum.pages.insight_periods import Counts, Span, added_up, total
from forum.pages.insight_tables import Table
from forum.searches import actions
from forum.searches.models import AskOutcome
from forum.searches.queries import AskedQuestion, DayCounts, DayOutcomes, TextCounts, Unfitted
from forum.searches.rules import Outcome, SearchCounts
from tests.factories import make_answer, make_question
from tests.statements import recorded

TODAY = date(2026, 11, 27)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def month(database: Database) -> insight.InsightPage:
    """A month with searches, attempts to ask and questions."""
    with clock.frozen(NOON), database.transaction() as session:
        solved = make_question(session, title="Printer, solved", tags=("printers",), created_at=NOON)
        make_answer(session, solved, accepted=True, created_at=NOON + timedelta(hours=2))
        asked = make_question(session, title="Printer, again", tags=("printers",), created_at=NOON)
        counts = {
            (TODAY, "printers jam"): SearchCounts(searches=3, empty=3),
            (TODAY, "=cmd|'/c calc'!a1"): SearchCounts(searches=4, empty=4),
            (TODAY, "seen once"): SearchCounts(searches=1, empty=1),
            (TODAY - timedelta(days=1), "dock"): SearchCounts(searches=4, opened=2, solved=1, results=5),
        }
        actions.count_searches(session, counts)
        for outcome, thread_id in (
            (Outcome.SOLVED, solved.id),
            (Outcome.ASKED, asked.id),
            (Outcome.NONE_FIT, None),
        ):
            actions.note_outcome(
                session,
                outcome=outcome,
                title="Printers again",
                thread_id=thread_id,
                offered=[solved.id],
                tags=["printers"] if thread_id else [],
            )
    with clock.frozen(NOON), database.reading() as session:
        return insight.load(session, Span.MONTH)


def test_the_figures_are_shares_of_what_was_counted(month: insight.InsightPage) -> None:
    assert insight_tables.figures(month) == {
        "first_day": "2026-10-29",
        "last_day": "2026-11-27",
        "searches": 12,
        "nothing_found_percent": 66.7,
        "nothing_opened_percent": 16.7,
        "ask_attempts": 2,
        "solved_while_asking": 1,
        "none_fit": 1,
        "asked": 1,
        "asked_although_solved_percent": 100.0,
        # One search and one attempt of fourteen.
        "deflection_percent": 14.3,
    }


def test_the_tables_show_what_is_frequent(month: insight.InsightPage) -> None:
    assert [row.text for row in month.nothing_found] == ["=cmd|'/c calc'!a1", "printers jam"]
    assert [row.text for row in month.nothing_opened] == ["dock"]
    assert [(row.title, row.solved_title) for row in month.asked_again] == [
        ("Printer, again", "Printer, solved")
    ]
    assert month.gaps == (Gap("printers", 2, 1, 3, 1, 2.0),)


@pytest.mark.parametrize("span", list(Span))
def test_any_span_takes_eight_statements(database: Database, month: insight.InsightPage, span: Span) -> None:
    with clock.frozen(NOON), database.reading() as session, recorded(database) as statements:
        insight.load(session, span)

    assert len(statements) == 8


@pytest.mark.parametrize("table", list(Table))
def test_each_table_is_csv_that_no_spreadsheet_runs(month: insight.InsightPage, table: Table) -> None:
    names, *lines = csv.reader(io.StringIO(insight_tables.as_csv(month, table)))

    assert lines
    assert all(len(line) == len(names) for line in lines)
    assert not [cell for line in lines for cell in line if cell.startswith(("=", "+", "-", "@"))]


def test_the_tables_for_programs_have_the_texts_as_they_are(month: insight.InsightPage) -> None:
    told = insight_tables.as_objects(month)

    assert told["nothing_found"][0] == {
        "text": "=cmd|'/c calc'!a1",
        "searches": 4,
        "days": 1,
        "nothing_found": 4,
        "some_words": 0,
        "opened": 0,
        "last_results": 0,
        "last_day": "2026-11-27",
    }
    assert len(told["periods"]) == 30


def test_a_site_without_searches_has_no_shares_and_no_charts(database: Database) -> None:
    with database.reading() as session:
        page = insight.load(session, Span.YEAR)

    assert page.is_empty
    assert page.charts == ()
    assert (page.whole.empty_share, page.whole.deflection, page.whole.asked_again_share) == (None, None, None)


def test_more_questions_than_are_looked_at_are_said(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insight.queries, "MOST_QUESTIONS", 2)
    with database.transaction() as session:
        for _ in range(3):
            make_question(session, tags=("beeps",))

    with database.reading() as session:
        page = insight.load(session, Span.MONTH)

    assert page.newest_only == 2
    assert page.gaps == (Gap("beeps", 2, 2, 0, 0, None),)


def test_weeks_begin_on_monday_and_none_is_left_out() -> None:
    monday = date(2026, 11, 2)
    days = [DayCounts(monday + timedelta(days=number), 2, 1, 0, 1, 0) for number in (0, 6, 7)]
    first = Span.QUARTER.since(TODAY)

    weeks = added_up(days, (), first=first, last=TODAY)

    assert [(week.first, week.last, week.searches) for week in weeks if week.searches] == [
        (monday, monday + timedelta(days=6), 4),
        (monday + timedelta(days=7), monday + timedelta(days=13), 2),
    ]
    assert (weeks[0].first, weeks[-1].last) == (first, TODAY)
    assert all(
        later.first == earlier.last + timedelta(days=1) for earlier, later in itertools.pairwise(weeks)
    )


def test_more_openings_than_searches_make_no_share_above_one() -> None:
    (day,) = added_up([DayCounts(TODAY, 3, 1, 0, 9, 8)], (), first=TODAY, last=TODAY)

    assert (day.searches, day.empty, day.unopened, day.opened, day.solved) == (3, 1, 0, 0, 2)
    assert day.deflection == pytest.approx(2 / 3)


def test_each_way_to_end_an_attempt_is_told_from_the_others() -> None:
    outcomes = [
        DayOutcomes(TODAY, Outcome.SOLVED, 3, 3),
        DayOutcomes(TODAY, Outcome.NONE_FIT, 2, 1),
        DayOutcomes(TODAY, Outcome.ASKED, 5, 2),
    ]

    (day,) = added_up((), outcomes, first=TODAY, last=TODAY)

    assert (day.deflected, day.none_fit, day.asked, day.asked_again, day.attempts) == (3, 2, 5, 2, 8)


def test_bars_stand_upon_each_other_and_reach_what_they_count() -> None:
    periods = [
        Counts(TODAY - timedelta(days=1), TODAY - timedelta(days=1)),
        Counts(TODAY, TODAY, empty=1, solved=3),
    ]
    whole = total(periods, first=periods[0].first, last=TODAY)

    searches, deflection = insight_charts.charts(periods, whole)

    paths = {series.label: series.path for series in searches.series}
    assert paths["Nothing opened"] == ""
    # Four searches reach the top at 12, three of them three quarters of the way from the base at 170.
    assert " 170.0V51.5h" in paths["A solved thread opened"]
    assert " 51.5V12.0h" in paths["Nothing found"]
    assert [line.period for line in searches.table] == ["27 Nov", "26 Nov"]
    assert searches.summary == (
        "From 26 Nov 2026 to 27 Nov 2026. A solved thread opened: 3. Another thread opened: 0. "
        "Nothing opened: 0. Nothing found: 1."
    )
    assert deflection.series[0].total == "75 %"


def text(words: str, empty: int = 3) -> TextCounts:
    """Searches for a text that found nothing."""
    return TextCounts(words, empty, 1, empty, 0, 0, 0, TODAY)


@pytest.mark.parametrize(
    ("searched", "tag"),
    [
        ("[usb-c] drops", "usb-c"),
        ("usb c drops", "usb-c"),
        ('my "usb-c" hub', "usb-c"),
        ("why c++?", "c++"),
    ],
)
def test_a_search_names_a_tag_in_brackets_or_by_its_words(searched: str, tag: str) -> None:
    found = insight_gaps.gaps((), [text(searched)], (), tags=("usb-c", "c++", "drop", "hubs"))

    assert found == (Gap(tag, 0, 0, 3, 0, None),)


@pytest.mark.parametrize("searched", ["-[usb-c] drops", "usbc", "usb and c", "-usb-c"])
def test_what_is_excluded_or_only_alike_names_no_tag(searched: str) -> None:
    assert insight_gaps.gaps((), [text(searched)], (), tags=("usb-c",)) == ()


def test_gaps_begin_with_the_largest_and_leave_out_what_is_answered() -> None:
    answered = AskedQuestion(("fine", "slow"), 1, NOON, NOON + timedelta(hours=4))
    imported = AskedQuestion(("slow",), 1, NOON, NOON - timedelta(days=1))
    open_one = AskedQuestion(("slow", "new"), 0, NOON, None)

    found = insight_gaps.gaps(
        [answered, imported, open_one],
        [text("new and new", 2)],
        [Unfitted("how to slow down", ("slow",))],
        tags=(),
    )

    assert found == (Gap("new", 1, 1, 2, 0, None), Gap("slow", 3, 1, 0, 1, 2.0))
    assert found[1].unanswered_share == pytest.approx(1 / 3)


def test_outcomes_of_deleted_questions_still_count(database: Database) -> None:
    with database.transaction() as session:
        session.add(AskOutcome(day=TODAY, outcome="asked", title="gone", offered_count=0))

    with clock.frozen(NOON), database.reading() as session:
        page = insight.load(session, Span.MONTH)

    assert (page.whole.asked, page.asked_again) == (1, ())
