import sqlite3
import stat
from pathlib import Path

import pytest
from sqlalchemy import inspect

from forum.core import schema
from forum.core.db import open_database
from forum.core.errors import Invalid, Misconfigured


def test_it_makes_the_folder_of_an_embedded_database(tmp_path: Path) -> None:
    path = tmp_path / "one" / "two" / "askwell.db"

    schema.ensure_folder(f"sqlite:///{path}")

    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IRWXU


def test_it_makes_no_folder_for_postgresql(tmp_path: Path) -> None:
    schema.ensure_folder("postgresql://askwell@localhost/askwell")

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_can_not_be_made_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Misconfigured, match=r"^ASKWELL_DATA_DIR: the folder .* can't be made"):
        schema.ensure_folder(f"sqlite:///{tmp_path / 'file' / 'askwell.db'}")


def test_a_new_database_is_brought_to_the_newest_revision(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'askwell.db'}")

    assert schema.revision(database) is None
    assert not schema.is_current(database)
    assert schema.upgrade(database)
    assert schema.revision(database) == schema.newest_revision()
    assert schema.is_current(database)
    assert not schema.upgrade(database)
    database.dispose()


def test_foreign_keys_hold_again_after_a_migration(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'askwell.db'}")
    schema.upgrade(database)

    with database.writer.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    database.dispose()


def test_a_migration_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "askwell.db"
    with sqlite3.connect(path) as connection:
        # The last table that the first migration makes is already in its way.
        connection.execute("CREATE TABLE vote (something_else INTEGER)")
    connection.close()
    database = open_database(f"sqlite:///{path}")

    with pytest.raises(Exception, match="already exists"):
        schema.upgrade(database)

    assert schema.revision(database) is None
    with database.reader.connect() as reading:
        tables = inspect(reading).get_table_names()
    assert set(tables) <= {"vote", "alembic_version"}
    database.dispose()


@pytest.mark.parametrize("direction", [schema.upgrade, schema.downgrade])
def test_an_unknown_revision_is_refused(tmp_path: Path, direction: object) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'askwell.db'}")
    assert callable(direction)

    with pytest.raises(Invalid, match="of-yesterday"):
        direction(database, revision="of-yesterday")
    database.dispose()
