"""The verbs that fill a site: demo and import."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

POSTS = """<?xml version="1.0" encoding="utf-8"?>
<posts>
  <row Id="1" PostTypeId="1" AcceptedAnswerId="2" CreationDate="2020-01-01T10:00:00.000" Score="3"
    Body="&lt;p&gt;The printer says &lt;code&gt;PC LOAD LETTER&lt;/code&gt;. What is that?&lt;/p&gt;"
    OwnerDisplayName="Michael" LastActivityDate="2020-01-01T11:00:00.000"
    Title="What does PC LOAD LETTER mean?" Tags="&lt;printer&gt;" AnswerCount="1" CommentCount="0" />
  <row Id="2" PostTypeId="2" ParentId="1" CreationDate="2020-01-01T11:00:00.000" Score="5"
    Body="&lt;p&gt;The paper cassette is empty; put letter-size paper in.&lt;/p&gt;"
    OwnerDisplayName="Samir" LastActivityDate="2020-01-01T11:00:00.000" CommentCount="0" />
</posts>
"""


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "printers.example.org"
    folder.mkdir()
    (folder / "Posts.xml").write_text(POSTS)
    return folder


def test_an_import_is_found_by_search_and_adds_up(askwell: Run, dump: Path) -> None:
    imported = askwell("import", "stackexchange", str(dump), "--host", "printers.example.org")
    found = json.loads(askwell("search", "paper cassette", "--json").out)
    stats = json.loads(askwell("stats", "--json").out)

    assert imported.status == 0
    assert "Import of printers.example.org" in imported.out
    assert [result["title"] for result in found["results"]] == ["What does PC LOAD LETTER mean?"]
    assert (stats["questions"], stats["answers"], stats["accepted"], stats["open_jobs"]) == (1, 1, 1, 0)
    assert askwell("check").status == 0


def test_a_dry_run_changes_nothing(askwell: Run, dump: Path) -> None:
    reported = askwell("import", "stackexchange", str(dump), "--dry-run")

    assert reported.status == 0
    assert "(dry run)" in reported.out
    assert json.loads(askwell("stats", "--json").out)["questions"] == 0


def test_what_is_no_dump_is_one_line(askwell: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    refused = askwell("import", "stackexchange", str(tmp_path / "empty"))

    assert refused.status == 2
    assert refused.err.startswith("askwell: ")
    assert refused.err.count("\n") == 1
    assert askwell("import", "stackexchange", str(tmp_path / "missing")).status == 2


@pytest.mark.slow
def test_the_demo_goes_into_an_empty_site_only(askwell: Run) -> None:
    added = askwell("demo", "--if-empty")

    assert added.status == 0
    stats = json.loads(askwell("stats", "--json").out)
    assert stats["questions"] >= 60
    assert stats["index_documents"] == stats["questions"]
    assert askwell("check").status == 0
    assert askwell("demo", "--if-empty").out == "The site has questions already; the demo was not added.\n"
    refused = askwell("demo")
    assert refused.status == 2
    assert refused.err.count("\n") == 1
