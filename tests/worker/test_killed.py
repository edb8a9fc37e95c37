"""Writers and workers are killed at random moments: what was committed reaches the index all the same."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from forum.checks.posts import POSTS
from forum.checks.reputation import REPUTATION
from forum.checks.run import check
from forum.checks.search import Search
from forum.core import outbox
from forum.core.db import Database
from forum.posts.models import Post
from forum.search.documents import documents
from forum.search.engine import Readable, SearchEngine
from forum.search.indexer import QUEUE
from forum.worker.catching_up import catch_up
from tests.reputation.ledgers import join

ROUNDS = 4

pytestmark = pytest.mark.slow


@contextmanager
def killed(command: list[str], *, project_dir: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process, and kill it without a warning at the end of the block."""
    environment = {**os.environ, **settings, "ASKWELL_LOG_LEVEL": "error"}
    with subprocess.Popen(
        [sys.executable, *command], cwd=project_dir, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_what_was_committed_reaches_the_index(
    database: Database, database_url: str, engine: SearchEngine, data_dir: Path, project_dir: Path
) -> None:
    with database.transaction() as session:
        join(session, 2)
    settings = {"ASKWELL_DATABASE_URL": database_url, "ASKWELL_DATA_DIR": str(data_dir)}
    chance = random.Random(11)
    answered: set[int] = set()

    for _ in range(ROUNDS):
        with ExitStack() as processes:
            work = killed(["-m", "forum.cli", "worker"], project_dir=project_dir, **settings)
            processes.enter_context(work)
            write = killed(["-m", "tests.worker.writing_process", database_url], project_dir=project_dir)
            writing = processes.enter_context(write)
            assert writing.stdout is not None
            for _ in range(3):
                answered.add(int(writing.stdout.readline()))
            time.sleep(chance.uniform(0.2, 1.5))

    assert catch_up(database, engine, data_dir=data_dir)
    with database.reading() as session:
        kept = set(session.scalars(select(Post.id).where(Post.kind == "question")))
        assert outbox.backlog(session, QUEUE).jobs == 0
    assert answered <= kept
    assert set(engine.thread_ids()) == kept
    families = (POSTS, REPUTATION, Search(database, engine))
    found: list[str] = []
    check(
        database,
        families,
        report=lambda difference: found.append(str(difference)),
        announce=lambda _name: None,
    )
    assert found == [], _contents(database, engine, found)


def _contents(database: Database, engine: SearchEngine, found: list[str]) -> str:
    """Return what database and index say of the first thread that differs, to find the cause."""
    thread_id = int(found[0].split()[1].rstrip(":"))
    with database.reading() as session:
        present = list(documents(session, [thread_id]))
    kept = list(engine.documents([thread_id])) if isinstance(engine, Readable) else []
    mark = dict(engine.fingerprints()).get(thread_id)
    marks = [mark, *(document.fingerprint() for document in present)]
    return f"{found}\ndatabase: {present}\nindex: {kept}\nfingerprints: {marks}"
