"""`askwell search-benchmark` on sets that a test makes."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

DOCS = [
    {
        "id": 1,
        "title": "Wi-Fi drops",
        "body": "after suspend",
        "answers": "Update the firmware",
        "date": "2020",
    },
    {"id": 2, "title": "Blank pages", "body": "from the printer", "answers": "", "date": "2020"},
    {"id": 3, "title": "Later", "body": "wireless drops firmware", "answers": "", "date": "2022"},
]
QUERIES = [
    {"id": 8, "title": "New firmware for wireless?", "body": "It drops after suspend.", "date": "2021"},
    {"id": 9, "title": "The printer gives blank pages", "body": "", "date": "2021"},
]


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    folder.mkdir()
    for name, rows in (("docs", DOCS), ("queries", QUERIES)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "qrels.tsv").write_text("8\t1\n9\t2\n")
    return folder


def test_it_measures_each_kind_of_query_beside_the_yardstick(askwell: Run, small_set: Path) -> None:
    outcome = askwell("search-benchmark", str(small_set.parent), "--json")

    assert outcome.status == 0
    report = json.loads(outcome.out)
    assert [row["threads"] for row in report["indexed"]] == [3]
    by_kind = {row["kind"]: row for row in report["measured"]}
    assert by_kind["title"]["quality"]["ndcg_10"] == 1.0
    # Only the answer says "firmware", which the yardstick doesn't read.
    assert by_kind["title"]["yardstick"]["ndcg_10"] == 0.5
    assert by_kind["title and body"]["quality"]["queries"] == 1
    assert by_kind["beginning of title"]["quality"]["queries"] == 4


def test_it_prints_tables_for_people(askwell: Run, small_set: Path) -> None:
    outcome = askwell("search-benchmark", str(small_set))

    assert outcome.status == 0
    assert "title: mean nDCG@10 1.000, plain BM25 0.500: +100.0%" in outcome.out


def test_a_folder_without_a_set_is_one_line_and_status_2(askwell: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = askwell("search-benchmark", str(tmp_path / "empty"))

    assert (outcome.status, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
    assert "docs.jsonl can't be read" in outcome.err
