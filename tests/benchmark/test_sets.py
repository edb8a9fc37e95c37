import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from forum.benchmark.sets import UnusableSet, read


def write(folder: Path, *, docs: Any = None, queries: Any = None, qrels: str = "2\t1\n") -> Path:
    """Write a set of one thread and one question; what is given takes their place."""
    docs = docs if docs is not None else [{"id": 1, "title": "Wi-Fi", "body": "b", "date": "2020-01-01"}]
    asked = {"id": 2, "title": "Wireless", "body": "", "date": "2021-01-01T10:00:00"}
    for name, rows in (("docs", docs), ("queries", queries if queries is not None else [asked])):
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    (folder / "qrels.tsv").write_text(qrels)
    return folder


def test_it_reads_threads_and_questions_with_what_helps(tmp_path: Path) -> None:
    found = read(write(tmp_path))

    assert (found.threads[0].id, found.threads[0].answers) == (1, "")
    assert found.questions[0].wanted == {1}
    assert found.questions[0].date == datetime(2021, 1, 1, 10, tzinfo=UTC)


def test_a_year_is_a_date(tmp_path: Path) -> None:
    docs = [{"id": 1, "title": "Wi-Fi", "body": "", "date": "2000"}]
    assert read(write(tmp_path, docs=docs)).threads[0].date == datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"docs": ["{"]}, r"docs.jsonl, line 1: expected an object"),
        ({"docs": [{"id": "x", "title": "t", "date": "2020"}]}, r"docs.jsonl, line 1"),
        ({"queries": [{"id": 2, "title": "t"}]}, r"queries.jsonl, line 1.*date"),
        ({"qrels": "2 1\n"}, r"qrels.tsv, line 1: expected two ids"),
        ({"qrels": "3\t1\n"}, r"none of the questions"),
    ],
)
def test_what_it_cannot_read_it_names_by_file_and_line(
    broken: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(UnusableSet, match=message):
        read(write(tmp_path, **broken))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableSet, match=r"docs.jsonl can't be read"):
        read(tmp_path)
