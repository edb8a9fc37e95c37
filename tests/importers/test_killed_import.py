"""An import that is killed goes on where it stopped."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from forum.core.db import Database, open_database
from forum.posts.models import Post
from tests.importers.conftest import Importing
from tests.importers.dumps import answer, comment, person, question, row_counts, vote, write_rows

THREADS = 200
IMPORT = """
import sys
from pathlib import Path

import forum.wiring
from forum.core.db import open_database
from forum.importers.stackexchange.importing import import_dump
from forum.importers.stackexchange.progress import SilentProgress

dump, url, data_dir = sys.argv[1:]
import_dump(Path(dump), database=open_database(url), data_dir=Path(data_dir), progress=SilentProgress())
"""


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    """Threads that link to each other, enough for several transactions."""
    folder = tmp_path / "repair.example.net"
    ids = range(1, 3 * THREADS, 3)
    linked = '<p>Unlike <a href="https://repair.example.net/q/{}">the other one</a>.</p>'
    write_rows(folder, "Users.xml", [person(id_, Reputation=50) for id_ in range(1, 9)])
    questions = [question(id_, Body=linked.format(id_ % 1000 + 3), OwnerUserId=id_ % 8 + 1) for id_ in ids]
    answers = [answer(id_ + 1, id_, OwnerUserId=(id_ + 3) % 8 + 1) for id_ in ids]
    write_rows(folder, "Posts.xml", [*questions, *answers])
    write_rows(folder, "Votes.xml", [vote(id_, id_) for id_ in ids])
    write_rows(folder, "Comments.xml", [comment(id_, id_ + 1) for id_ in ids])
    return folder


def posts_in(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Post)) or 0


@pytest.mark.parametrize("loaded", [1, THREADS])
def test_a_killed_import_continues(
    loaded: int, dump: Path, tmp_path: Path, sqlite_url: str, sqlite_template: Path, run_import: Importing
) -> None:
    database = open_database(sqlite_url)
    process = subprocess.Popen(
        [sys.executable, "-c", IMPORT, str(dump), sqlite_url, str(tmp_path / "data")],
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )
    deadline = time.monotonic() + 120
    while posts_in(database) < loaded and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    before = posts_in(database)
    assert loaded <= before < 2 * THREADS

    report = run_import(dump, database)

    whole = open_database(f"sqlite:///{tmp_path / 'whole.db'}")
    (tmp_path / "whole.db").write_bytes(sqlite_template.read_bytes())
    run_import(dump, whole)
    assert row_counts(database) == row_counts(whole)
    assert sources(database) == sources(whole)
    assert {file.file: file.imported for file in report.files} == {
        "Users.xml": 8, "Posts.xml": 2 * THREADS, "Comments.xml": THREADS, "Votes.xml": THREADS,
    }  # fmt: skip
    database.dispose()
    whole.dispose()


def sources(database: Database) -> list[tuple[object, ...]]:
    """Return what the posts say and where their links lead."""
    with database.reading() as session:
        columns = (Post.id, Post.source, Post.score, Post.answer_count, Post.comment_count)
        return [tuple(row) for row in session.execute(select(*columns).order_by(Post.id))]
