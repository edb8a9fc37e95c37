"""Bringing a database to the schema that this version of the program needs, by Alembic."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from forum.core.db import Database
from forum.core.errors import Invalid, Misconfigured
from forum.core.settings import migrations_dir

# Alembic says each step at INFO, which would drown what a command prints.
logging.getLogger("alembic").setLevel(logging.WARNING)

_UPGRADE_LOCK = 0x61736B77656C6C
"""Key of the advisory lock that lets one of several starting processes migrate PostgreSQL ("askwell")."""


def ensure_folder(url: str) -> None:
    """Make the folder of a SQLite database; raise Misconfigured if that can't be done."""
    path = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not path:
        return
    try:
        # Password hashes are nobody else's business on a machine with other users.
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        folder = Path(path).parent
        raise Misconfigured(
            f"ASKWELL_DATA_DIR: the folder {folder} can't be made: {error.strerror}"
        ) from None


def is_current(database: Database) -> bool:
    """Tell whether the database has exactly the schema of this version."""
    with database.reader.connect() as connection:
        return _heads(connection) == set(_scripts().get_heads())


def revision(database: Database) -> str | None:
    """Return the revision of the database's schema, or None when it has no tables yet."""
    with database.reader.connect() as connection:
        return next(iter(_heads(connection)), None)


def newest_revision() -> str | None:
    """Return the revision that this version of the program needs."""
    return _scripts().get_current_head()


def upgrade(database: Database, *, revision: str = "head") -> bool:
    """Migrate the database up to `revision`; return whether there was anything to do.

    Raise Misconfigured when the database was made by a newer version of the program, Invalid for an unknown
    revision.
    """
    return _migrate(database, "upgrade", revision)


def downgrade(database: Database, *, revision: str) -> bool:
    """Migrate the database down to `revision` ("base" leaves nothing); return whether anything was to do."""
    return _migrate(database, "downgrade", revision)


def _migrate(database: Database, direction: str, revision: str) -> bool:
    with _migrating(database) as connection:
        before = _heads(connection)
        known = {script.revision for script in _scripts().walk_revisions()}
        if not before <= known:
            raise Misconfigured("The database was made by a newer version of Askwell; install that version.")
        try:
            getattr(command, direction)(_config(connection), revision)
        except CommandError as error:
            raise Invalid("revision", f"{error}.") from None
        return _heads(connection) != before


@contextmanager
def _migrating(database: Database) -> Iterator[Connection]:
    """Give a connection in one transaction that no other migration shares."""
    with database.writer.connect() as connection:
        if database.is_sqlite:
            # Batch mode drops and renames tables that others point at, and the switch works only
            # outside a transaction, so it is thrown on the driver's connection.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not database.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_LOCK})
                yield connection
        finally:
            if database.is_sqlite:
                connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def _heads(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(migrations_dir()))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes["connection"] = connection
    return config
