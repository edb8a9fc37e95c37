"""The verbs that read a site and look after it: stats, check, search, reindex, config."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from forum.core.db import Database
from forum.posts.models import Post
from tests.checks.community import Community, settle
from tests.cli.conftest import Run
from tests.factories import make_question


@pytest.fixture
def community(site: Database) -> Community:
    return settle(site)


@pytest.mark.usefixtures("community")
def test_it_counts_what_the_site_holds(askwell: Run) -> None:
    askwell("reindex")

    counted = json.loads(askwell("stats", "--json").out)

    assert counted == {
        "users": 8,
        "questions": 1,
        "answers": 1,
        "comments": 1,
        "votes": 16,
        "comment_votes": 5,
        "tags": 2,
        "revisions": 6,
        "badges": 0,
        "accepted": 1,
        "unanswered": 0,
        "views": 0,
        "deleted_posts": 2,
        "open_jobs": 0,
        "index_documents": 1,
    }
    assert "questions                   1\n" in askwell("stats").out


@pytest.mark.usefixtures("site")
def test_a_new_site_adds_up(askwell: Run) -> None:
    checked = askwell("check")

    assert (checked.status, checked.out) == (0, "Everything adds up.\n")


def test_it_finds_and_mends_differences(askwell: Run, site: Database, community: Community) -> None:
    askwell("reindex")
    assert askwell("check").status == 0
    with site.transaction() as session:
        session.execute(update(Post).where(Post.id == community.question_id).values(score=41))

    found = askwell("check")
    as_json = askwell("check", "--json")
    mended = askwell("check", "--repair")

    assert found.status == 1
    assert f"post.score {community.question_id}: expected 5, found 41\n" in found.out
    assert as_json.status == 1
    told = json.loads(as_json.out)
    assert told["count"] == len(told["differences"])
    assert {
        "kind": "post.score", "id": community.question_id, "expected": "5", "found": "41"
    } in told["differences"]  # fmt: skip
    assert mended.status == 0
    assert mended.out == "Everything adds up.\n"
    assert json.loads(askwell("check", "--json").out) == {"differences": [], "count": 0}


def test_it_finds_and_mends_an_index_that_lags(askwell: Run, site: Database, community: Community) -> None:
    askwell("reindex")
    with site.transaction() as session:
        session.execute(update(Post).where(Post.id == community.question_id).values(title="Why, at all?"))

    found = askwell("check")

    assert found.status == 1
    assert f"search.thread {community.question_id}: expected what the database says" in found.out
    assert askwell("check", "--repair").status == 0
    assert askwell("check").status == 0


@pytest.mark.usefixtures("community")
def test_it_mends_an_index_that_is_gone(askwell: Run, data_dir: Path) -> None:
    askwell("reindex")
    shutil.rmtree(data_dir / "search")

    assert "search.index" in askwell("check").out
    assert askwell("check", "--repair").status == 0


def test_it_searches_what_no_worker_has_indexed_yet(askwell: Run, community: Community) -> None:
    found = json.loads(askwell("search", "beep", "[bios]", "nonsense:1", "--json").out)

    assert found["total"] == len(found["results"]) == 1
    (result,) = found["results"]
    assert result["id"] == community.question_id
    assert result["title"] == "Why does it beep at all?"
    assert result["url"].startswith(f"http://127.0.0.1:8000/questions/{community.question_id}/")
    assert result["score"] == 5
    assert "beeps twice" in result["snippet"]
    assert isinstance(found["ignored"], list)


@pytest.mark.usefixtures("community")
def test_it_prints_results_for_people(askwell: Run) -> None:
    found = askwell("search", "beeps twice", "--sort", "score")

    assert found.out.startswith(
        "1 results\n\nWhy does it beep at all?  (+5)\nhttp://127.0.0.1:8000/questions/"
    )


@pytest.mark.usefixtures("community")
def test_a_search_without_results_is_no_error(askwell: Run) -> None:
    found = askwell("search", "zeppelin", "--json")

    assert found.status == 0
    assert json.loads(found.out)["total"] == 0


def test_a_page_beyond_the_last_is_one_line(askwell: Run, community: Community) -> None:
    assert community.question_id
    beyond = askwell("search", "beep", "--page", "3")

    assert beyond.status == 2
    assert beyond.err.startswith("askwell: This search has fewer pages")
    assert askwell("search", "beep", "--page", "9999").status == 2


@pytest.mark.usefixtures("community")
def test_it_builds_the_index(askwell: Run) -> None:
    assert askwell("reindex").out == "Indexed 1 threads.\n"


def test_it_prints_the_settings_without_secrets(askwell: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("ASKWELL_PORT", "8123")

    shown = askwell("config").out

    assert "ASKWELL_PORT=8123\n" in shown
    assert "ASKWELL_SECRET_KEY=(set)\n" in shown
    assert "kkk" not in shown


@pytest.mark.usefixtures("community")
def test_a_search_counts_what_narrows_it_and_asks_what_was_meant(askwell: Run, site: Database) -> None:
    with site.transaction() as session:
        make_question(session, title="It beeps at night", tags=("audio",))
    askwell("reindex")
    counted = askwell("search", "beep", "--facets")
    facets = json.loads(askwell("search", "beep", "--facets", "--json").out)["facets"]
    slip = askwell("search", "beeeps")

    assert "Tags: " in counted.out
    assert {choice["label"] for choice in facets["State"]} >= {"Unanswered"}
    assert "Did you mean: beeps" in slip.err
    assert json.loads(askwell("search", "beeeps", "--json").out)["did_you_mean"] == "beeps"
