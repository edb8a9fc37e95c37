"""`askwell search-benchmark` on sets that a test makes."""

import json
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import URL

from forum.search.engines.opensearch_server import Server
from tests.cli.conftest import Run
from tests.fixtures.postgres_server import administrate

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


@pytest.mark.postgres
def test_it_measures_postgresql_and_leaves_nothing_there(
    askwell: Run, small_set: Path, postgres_server: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKWELL_DATABASE_URL", postgres_server.render_as_string(hide_password=False))
    outcome = askwell("search-benchmark", str(small_set), "--engine", "postgres", "--json")

    assert outcome.status == 0, outcome.err
    report = json.loads(outcome.out)
    assert {(row["engine"], row["kind"]): row["quality"]["ndcg_10"] for row in report["measured"]}[
        "postgres", "title"
    ] == 1.0
    assert {row["engine"] for row in report["speeds"]} == {"postgres"}
    with administrate(postgres_server) as connection:
        assert not [name for name in inspect(connection).get_schema_names() if "benchmark" in name]


@pytest.mark.opensearch
def test_it_measures_opensearch_and_leaves_nothing_there(
    askwell: Run, small_set: Path, opensearch_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASKWELL_OPENSEARCH_URL", opensearch_address)
    outcome = askwell("search-benchmark", str(small_set), "--engine", "opensearch")

    assert outcome.status == 0, outcome.err
    assert "opensearch, title: mean nDCG@10 1.000" in outcome.out
    server = Server(opensearch_address)
    assert not server.read("GET", "/askwell_benchmark*/_settings", params={"expand_wildcards": "all"})
    server.close()


def test_postgresql_needs_its_address(askwell: Run, small_set: Path) -> None:
    outcome = askwell("search-benchmark", str(small_set), "--engine", "postgres")

    assert outcome.status == 2
    assert "ASKWELL_DATABASE_URL" in outcome.err


def test_a_folder_without_a_set_is_one_line_and_status_2(askwell: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = askwell("search-benchmark", str(tmp_path / "empty"))

    assert (outcome.status, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1
    assert "docs.jsonl can't be read" in outcome.err
