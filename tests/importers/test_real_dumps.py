"""Dumps of real communities, as published: nothing is lost, and texts read as they did."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forum.accounts.models import User
from forum.core.db import Database
from forum.core.markup.pipeline import convert
from forum.core.markup.values import Source
from forum.importers.stackexchange.fidelity import compare
from forum.importers.stackexchange.html_to_markdown import to_markdown
from forum.importers.stackexchange.stream import stream_rows
from forum.posts.models import Post
from forum.reputation.queries import standing_of
from forum.reputation.rules import replay
from tests.importers.conftest import Importing
from tests.importers.dumps import row_counts

HOSTS = {
    "french-meta": "french.meta.stackexchange.com",
    "matheducators-posts-only": "matheducators.stackexchange.com",
    "bicycles-meta": "bicycles.meta.stackexchange.com",
    "cardano": "cardano.stackexchange.com",
}
SLOW = ("bicycles-meta", "cardano")
NAMES = [pytest.param(name, marks=pytest.mark.slow if name in SLOW else ()) for name in HOSTS]


def rows_of(folder: Path, file: str) -> list[dict[str, str]]:
    path = folder / file
    if not path.exists():
        return []
    with path.open("rb") as source:
        return [row.attributes for row in stream_rows(source, file=file)]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_dump_arrives_whole(
    name: str, shared_dir: Path, sqlite_database: Database, run_import: Importing
) -> None:
    folder = shared_dir / "data" / "stackexchange" / name

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
        by_kind = dict(session.execute(select(Post.kind, func.count()).group_by(Post.kind)).tuples().all())
        scores = dict(session.execute(select(Post.id, Post.score)).tuples().all())
        reputations = Counter(session.scalars(select(User.reputation)))
    assert by_kind == {"question": kinds["1"], "answer": kinds["2"]}
    assert scores == {int(post["Id"]): int(post["Score"]) for post in posts if post["Id"] in kept}
    assert reputations == Counter(int(person["Reputation"]) for person in people)


def test_the_ledgers_of_a_real_dump_add_up(
    shared_dir: Path, sqlite_database: Database, run_import: Importing
) -> None:
    run_import(shared_dir / "data" / "stackexchange" / "french-meta", sqlite_database)

    with sqlite_database.reading() as session:
        for person in session.scalars(select(User).order_by(User.reputation.desc()).limit(50)):
            assert replay(standing_of(session, person.id)) == person.reputation


@pytest.mark.parametrize("name", NAMES)
def test_posts_read_as_they_did(name: str, shared_dir: Path) -> None:
    posts = rows_of(shared_dir / "data" / "stackexchange" / name, "Posts.xml")
    bodies = [post["Body"] for post in posts if post["PostTypeId"] in "12"]

    found = [compare(body, convert(Source(to_markdown(body))).html) for body in bodies]

    assert sum(fidelity.same_text for fidelity in found) / len(found) > 0.99
    assert sum(fidelity.same_structure for fidelity in found) / len(found) > 0.98
