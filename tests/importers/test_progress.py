import io
import time

import pytest
from rich.console import Console

from forum.core.db import Database
from forum.importers.stackexchange import progress
from forum.importers.stackexchange.progress import BarProgress, LineProgress
from forum.importers.stackexchange.summary import show_report
from tests.importers.conftest import Importing
from tests.importers.dumps import SMALL_DUMP


def test_lines_tell_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LINES", 0.0)
    output = io.StringIO()

    with LineProgress(output).step("Reading Posts.xml", total=4_000_000, unit="bytes") as step:
        step.advance(1_000_000)

    first, last = output.getvalue().splitlines()
    assert first.startswith("Reading Posts.xml: 25 %, ")
    assert first.endswith(" s left")
    assert last.startswith("Reading Posts.xml: 4.0 MB in ")


def test_bars_show_name_share_and_rate() -> None:
    output = io.StringIO()
    console = Console(file=output, force_terminal=True, width=100, color_system=None)

    with BarProgress(console).step("Loading threads", total=10, unit="threads") as step:
        for _ in range(10):
            time.sleep(0.05)
            step.advance(1)

    assert "Loading threads" in output.getvalue()
    assert "100%" in output.getvalue()
    assert "threads/s" in output.getvalue()


@pytest.mark.parametrize(("is_dry_run", "heading"), [(True, "would be imported"), (False, "imported")])
def test_the_summary_has_a_line_for_each_file(
    is_dry_run: bool, heading: str, sqlite_database: Database, run_import: Importing
) -> None:
    report = run_import(SMALL_DUMP, sqlite_database, is_dry_run=is_dry_run)
    output = io.StringIO()

    show_report(report, Console(file=output, width=120))

    text = output.getvalue()
    assert heading in text
    assert all(file.file in text for file in report.files)
    assert "Votes.xml: a bookmark is not kept" in text
    assert str(report.path) in text
