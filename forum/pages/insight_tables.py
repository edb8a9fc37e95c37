"""The tables of the insight page as plain rows, for CSV files and for programs."""

import csv
import io
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeAlias

from forum.pages.insight import InsightPage
from forum.pages.insight_periods import Counts

Cell: TypeAlias = str | int | float | None

# A spreadsheet would take a text that begins like this for a formula, and people search for anything.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Table(StrEnum):
    """The tables that can be taken away; the value is part of their address."""

    PERIODS = "periods"
    NOTHING_FOUND = "nothing-found"
    NOTHING_OPENED = "nothing-opened"
    ASKED_AGAIN = "asked-again"
    TAGS = "tags"


_PERIODS = (
    *(
        "first_day",
        "last_day",
        "searches",
        "nothing_found",
        "nothing_opened",
        "opened",
        "solved",
        "some_words",
    ),
    *("asked", "asked_although_solved", "solved_while_asking", "none_fit", "deflection_percent"),
)
_TEXTS = ("text", "searches", "days", "nothing_found", "some_words", "opened", "last_results", "last_day")
_ASKED_AGAIN = ("day", "question_id", "question", "solved_id", "solved_thread")
_TAGS = ("tag", "asked", "unanswered", "unanswered_percent", "nothing_found", "none_fit", "median_hours")


def rows(page: InsightPage, table: Table) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
    """Return the names of the columns and the rows of a table; shares are percent, days are ISO dates."""
    match table:
        case Table.PERIODS:
            return _PERIODS, [_period(period) for period in page.periods]
        case Table.ASKED_AGAIN:
            return _ASKED_AGAIN, [
                (row.day.isoformat(), row.question_id, row.title, row.solved_id, row.solved_title)
                for row in page.asked_again
            ]
        case Table.TAGS:
            return _TAGS, [
                (
                    *(gap.tag, gap.asked, gap.unanswered, percent(gap.unanswered_share)),
                    *(gap.searched, gap.unfitted, rounded(gap.median_hours)),
                )
                for gap in page.gaps
            ]
        case Table.NOTHING_FOUND | Table.NOTHING_OPENED:
            texts = page.nothing_found if table is Table.NOTHING_FOUND else page.nothing_opened
            return _TEXTS, [
                (
                    *(row.text, row.searches, row.days, row.empty, row.relaxed, row.opened),
                    *(row.results, row.last_day.isoformat()),
                )
                for row in texts
            ]


def as_csv(page: InsightPage, table: Table) -> str:
    """Return a table as CSV with a line of names; no spreadsheet takes its texts for formulas."""
    names, cells = rows(page, table)
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(names)
    writer.writerows([_harmless(cell) for cell in row] for row in cells)
    return written.getvalue()


def figures(page: InsightPage) -> dict[str, Cell]:
    """Return the figures at the top of the page; shares are percent, None of nothing."""
    whole = page.whole
    return {
        "first_day": page.first.isoformat(),
        "last_day": page.last.isoformat(),
        "searches": whole.searches,
        "nothing_found_percent": percent(whole.empty_share),
        "nothing_opened_percent": percent(whole.unopened_share),
        "ask_attempts": whole.attempts,
        "solved_while_asking": whole.deflected,
        "none_fit": whole.none_fit,
        "asked": whole.asked,
        "asked_although_solved_percent": percent(whole.asked_again_share),
        "deflection_percent": percent(whole.deflection),
    }


def as_objects(page: InsightPage) -> dict[str, Sequence[dict[str, Cell]]]:
    """Return all tables, each row with the names of its columns."""
    tables = {table: rows(page, table) for table in Table}
    return {
        table.value.replace("-", "_"): [dict(zip(names, row, strict=True)) for row in cells]
        for table, (names, cells) in tables.items()
    }


def percent(share: float | None) -> float | None:
    """Return a share as percent with one digit behind the point."""
    return None if share is None else round(100 * share, 1)


def rounded(hours: float | None) -> float | None:
    """Return hours with one digit behind the point."""
    return None if hours is None else round(hours, 1)


def _period(counts: Counts) -> tuple[Cell, ...]:
    return (
        *(counts.first.isoformat(), counts.last.isoformat()),
        *(counts.searches, counts.empty, counts.unopened, counts.opened, counts.solved, counts.relaxed),
        *(counts.asked, counts.asked_again, counts.deflected, counts.none_fit, percent(counts.deflection)),
    )


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
