"""The migrations make what the models say, go both ways, and are applied once however many start at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from forum.checks.run import check
from forum.checks.tags import TAGGED_QUESTIONS
from forum.core import schema
from forum.core.db import Database
from forum.core.errors import Misconfigured
from forum.core.settings import migrations_dir
from forum.wiring import metadata
from tests.checks.community import settle

REVISIONS = [script.revision for script in ScriptDirectory(str(migrations_dir())).walk_revisions()][::-1]


def tables(database: Database) -> set[str]:
    with database.reader.connect() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_each_revision_goes_down_and_up_again_with_rows_in_place(database: Database, revision: str) -> None:
    settle(database)
    below = REVISIONS[REVISIONS.index(revision) - 1] if revision != REVISIONS[0] else "base"

    assert schema.downgrade(database, revision=below)
    assert schema.revision(database) == (None if below == "base" else below)
    assert schema.upgrade(database)

    assert schema.is_current(database)
    assert tables(database) == set(metadata.tables)


def test_going_up_fills_in_what_was_derived_before(database: Database) -> None:
    settle(database)
    schema.downgrade(database, revision="0015")

    schema.upgrade(database)

    assert check(database, [TAGGED_QUESTIONS], report=print, announce=print) == 0


def test_going_down_to_the_base_leaves_no_table(database: Database) -> None:
    settle(database)

    schema.downgrade(database, revision="base")

    assert tables(database) == set()
    assert not schema.is_current(database)


def test_going_up_twice_changes_nothing(database: Database) -> None:
    assert not schema.upgrade(database)


@pytest.fixture
def from_tomorrow(database: Database) -> Iterator[Database]:
    """A database that a newer version of the program has migrated."""
    _name_revision(database, "of-tomorrow")
    yield database
    # The next test on PostgreSQL gets the same database, and only its rows are removed.
    _name_revision(database, REVISIONS[-1])


def _name_revision(database: Database, revision: str) -> None:
    with database.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_it_refuses_a_database_of_a_newer_version(from_tomorrow: Database) -> None:
    assert not schema.is_current(from_tomorrow)
    with pytest.raises(Misconfigured, match="newer version of Askwell"):
        schema.upgrade(from_tomorrow)


def test_four_processes_that_start_at_once_migrate_once(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    schema.downgrade(database, revision="base")
    database.dispose()
    settings = {"ASKWELL_DATABASE_URL": database_url, "ASKWELL_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "forum.cli", "db", "upgrade"]
    environment = {**os.environ, **settings, "PYTHONPATH": str(migrations_dir().parent)}

    started = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=120) for process in started]

    assert [process.returncode for process in started] == [0] * 4, said
    assert sorted(out for out, _ in said) == [f"Migrated to {REVISIONS[-1]}.\n"] + ["Nothing to do.\n"] * 3
    assert schema.is_current(database)
