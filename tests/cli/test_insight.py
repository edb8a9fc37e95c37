"""`askwell insight` tells the figures of the page."""

import csv
import io
import json

import pytest

from forum.core import clock
from forum.core.db import Database
from forum.searches import actions
from forum.searches.rules import SearchCounts
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def _counted(site: Database) -> None:
    """Let four searches be counted, of which one was opened."""
    with site.transaction() as session:
        counts = SearchCounts(searches=4, empty=3, opened=1, solved=1, results=2)
        actions.count_searches(session, {(clock.now().date(), "dock"): counts})


def test_it_prints_the_figures(askwell: Run) -> None:
    out = askwell("insight").out

    assert "searches                                    4\n" in out
    assert "deflection percent                       25.0\n" in out
    # Nobody asked, so there is nothing to take a share of.
    assert "asked although solved percent               -\n" in out


def test_it_prints_everything_as_json(askwell: Run) -> None:
    told = json.loads(askwell("insight", "--days", "90", "--json").out)

    assert told["searches"] == 4
    assert told["nothing_found_percent"] == 75.0
    assert [row["text"] for row in told["nothing_found"]] == ["dock"]


def test_it_prints_one_table_as_csv(askwell: Run) -> None:
    names, line = csv.reader(io.StringIO(askwell("insight", "--csv", "nothing-found").out))

    assert dict(zip(names, line, strict=True))["nothing_found"] == "3"


@pytest.mark.parametrize("wrong", [("--days", "7"), ("--csv", "people"), ("--json", "--csv", "tags")])
def test_it_refuses_what_it_does_not_know(askwell: Run, wrong: tuple[str, ...]) -> None:
    assert askwell("insight", *wrong).status == 2
