"""Bringing a database to another schema, by Alembic."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from forum.core.db import Database
from forum.core.errors import Invalid, Misconfigured
from forum.core.revisions import revisions_in
from forum.core.settings import migrations_dir

# Alembic says each step at INFO, which would drown what a command prints.
logging.getLogger("alembic").setLevel(logging.WARNING)

_UPGRADE_LOCK = 0x61736B77656C6C
"""Key of the advisory lock that lets one of several starting processes migrate PostgreSQL ("askwell")."""


def migrate(database: Database, direction: str, revision: str) -> bool:
    """Migrate "upgrade" or "downgrade" to a revision, see `forum.core.schema`."""
    with _migrating(database) as connection:
        before = revisions_in(connection)
        known = {script.revision for script in _scripts().walk_revisions()}
        if not before <= known:
            raise Misconfigured("The database was made by a newer version of Askwell; install that version.")
        try:
            getattr(command, direction)(_config(connection), revision)
        except CommandError as error:
            raise Invalid("revision", f"{error}.") from None
        return revisions_in(connection) != before


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


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(migrations_dir()))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.attributes["connection"] = connection
    return config
