"""Dumps of real communities, as published: nothing is lost, and texts read as they did."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.core.db import Database
from forum.importers.stackexchange.links import Links, Places
from forum.importers.stackexchange.loading.run import Renderer
from forum.importers.stackexchange.loading.texts import Original, Wording, Wordings
from forum.importers.stackexchange.stream import stream_rows
from forum.posts.models import Post
from forum.reputation.queries import standing_of
from forum.reputation.rules import replay
from tests.importers.conftest import Importing
from tests.importers.dumps import row_counts

# Of each kind one: with the history of its posts, without it, and nothing but posts with formulas.
HOSTS = {
    "french-meta": "french.meta.stackexchange.com",
    "cardano": "cardano.stackexchange.com",
    "matheducators-posts-only": "matheducators.stackexchange.com",
}
WITH_HISTORY = ("french-meta", "bicycles-meta")
FAITHFUL = 0.99
"""The part of all posts in which a reader can't tell the text, or the structure, from the original's."""


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    path = folder / file
    if not path.exists():
        return []
    with path.open("rb") as source:
        return [row.attributes for row in stream_rows(source, file=file)]


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTS)
def test_a_real_dump_arrives_whole_and_reads_as_it_did(
    name: str,
    shared_dir: Path,
    sqlite_database: Database,
    run_import: Importing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = shared_dir / "data" / "stackexchange" / name
    worded: list[Wording] = []

    def note(wordings: Wordings) -> list[Wording]:
        found = find(wordings)
        worded.extend(found)
        return found

    find = Wordings.found
    monkeypatch.setattr(Wordings, "found", note)
    report = run_import(folder, sqlite_database)

    posts = rows_of(folder, "Posts.xml")
    comments, people = rows_of(folder, "Comments.xml"), rows_of(folder, "Users.xml")
    kept = {post["Id"] for post in posts if post["PostTypeId"] in "12"}
    kinds = Counter(post["PostTypeId"] for post in posts)
    counts = row_counts(sqlite_database)
    assert report.host == HOSTS[name]
    assert all(file.waiting == 0 for file in report.files)
    assert counts["user"] == len(people)
    assert counts["comment"] == sum(comment["PostId"] in kept for comment in comments)
    assert counts["badge_award"] == len(rows_of(folder, "Badges.xml"))
    with sqlite_database.reading() as session:
        by_kind = {
            row[0]: row[1] for row in session.execute(select(Post.kind, func.count()).group_by(Post.kind))
        }
        scores = {row.id: row.score for row in session.execute(select(Post.id, Post.score))}
        best = session.scalars(select(User).order_by(User.reputation.desc())).all()
        for person in best[:50]:
            assert replay(standing_of(session, person.id)) == person.reputation
    assert by_kind == {"question": kinds["1"], "answer": kinds["2"]}
    assert scores == {int(post["Id"]): int(post["Score"]) for post in posts if post["Id"] in kept}
    assert Counter(person.reputation for person in best) == Counter(int(row["Reputation"]) for row in people)
    assert len(worded) >= len(kept)
    _expect_faithful(worded)


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_HISTORY)
def test_posts_read_as_they_did_without_their_history(
    name: str, shared_dir: Path, renderer: Renderer
) -> None:
    posts = rows_of(shared_dir / "data" / "stackexchange" / name, "Posts.xml")
    bodies = [post["Body"] for post in posts if post["PostTypeId"] in "12"]
    nowhere = Links(None, Places(post=lambda _: None, user=lambda _: None))

    found = Wordings([Original(body, None, "p1", {}) for body in bodies], nowhere, renderer).found()

    _expect_faithful(found)


def _expect_faithful(wordings: list[Wording]) -> None:
    assert sum(wording.fidelity.same_text for wording in wordings) / len(wordings) > FAITHFUL
    assert sum(wording.fidelity.same_structure for wording in wordings) / len(wordings) > FAITHFUL
