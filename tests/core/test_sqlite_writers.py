"""Writers of SQLite take turns, and what they have committed is on the disk before anybody is told."""

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from forum.accounts.models import User
from forum.core import sqlite_writers
from forum.core.db import Database, open_database
from tests.factories import make_user

PATIENCE = 10


@pytest.fixture
def embedded(sqlite_url: str) -> Iterator[Database]:
    database = open_database(sqlite_url)
    yield database
    database.dispose()


def write(database: Database) -> None:
    with database.transaction() as session:
        make_user(session)


def people(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(User)).scalar_one()


def test_a_commit_returns_when_the_log_is_on_the_disk(
    embedded: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []

    def sync(log: int) -> None:
        assert os.fstat(log).st_ino == (tmp_path / "askwell.db-wal").stat().st_ino
        forced.append(people(embedded))

    monkeypatch.setattr(sqlite_writers, "_sync", sync)
    write(embedded)
    write(embedded)
    with embedded.transaction() as session:
        session.execute(select(User.id)).all()

    assert forced == [1, 2]


def test_others_go_on_writing_while_the_disk_is_busy_and_share_the_next_write_to_it(
    embedded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_slow, may_end = threading.Event(), threading.Event()
    forced: list[int] = []

    def sync(_log: int) -> None:
        forced.append(people(embedded))
        is_slow.set()
        assert may_end.wait(PATIENCE)

    monkeypatch.setattr(sqlite_writers, "_sync", sync)
    writers = [threading.Thread(target=write, args=[embedded]) for _ in range(5)]
    writers[0].start()
    assert is_slow.wait(PATIENCE)
    for writer in writers[1:]:
        writer.start()
    for _ in range(200):
        if people(embedded) == len(writers):
            break
        writers[1].join(0.05)
    may_end.set()
    for writer in writers:
        writer.join(PATIENCE)

    assert people(embedded) == len(writers)
    assert forced[0] == 1
    assert len(forced) in {2, 3}


def test_a_disk_that_fails_is_told(embedded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def sync(_log: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(sqlite_writers, "_sync", sync)
    with pytest.raises(OperationalError, match="the disk does not keep"):
        write(embedded)
    monkeypatch.undo()

    write(embedded)


def test_a_writer_waits_while_another_process_has_its_turn(embedded: Database, tmp_path: Path) -> None:
    write(embedded)
    writer = threading.Thread(target=write, args=[embedded])
    with (tmp_path / "askwell.db-turn").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        writer.start()
        writer.join(0.1)
        assert writer.is_alive()
    writer.join(PATIENCE)

    assert people(embedded) == 2


def test_a_turn_ends_with_a_rollback_too(embedded: Database, tmp_path: Path) -> None:
    with pytest.raises(IntegrityError), embedded.transaction() as session:
        session.execute(text("INSERT INTO page_version (shard) VALUES (0)"))
    with (tmp_path / "askwell.db-turn").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)

    assert people(embedded) == 0


def test_without_a_line_the_lock_of_the_database_does_alone(embedded: Database, tmp_path: Path) -> None:
    (tmp_path / "askwell.db-turn").mkdir()
    writers = [threading.Thread(target=write, args=[embedded]) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE)

    assert people(embedded) == 8
