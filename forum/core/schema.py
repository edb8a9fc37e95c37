"""The schema of a database: which one it has, and which one this version of the program needs.

Every process asks that when it starts, so it is told without Alembic, which takes a third of a second and ten
megabytes to load; `forum.core.migrating` has it.
"""

import re
from functools import cache
from pathlib import Path

from sqlalchemy.engine import make_url

from forum.core.db import Database
from forum.core.errors import Misconfigured
from forum.core.revisions import revisions_in
from forum.core.settings import migrations_dir

_REVISION = re.compile(r'^(revision|down_revision) = "(\w+)"$', re.MULTILINE)


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
        return revisions_in(connection) == {newest_revision()}


def revision(database: Database) -> str | None:
    """Return the revision of the database's schema, or None when it has no tables yet."""
    with database.reader.connect() as connection:
        return next(iter(revisions_in(connection)), None)


@cache
def newest_revision() -> str | None:
    """Return the revision that this version of the program needs: the one that no other follows."""
    found = [
        match.groups()
        for path in (migrations_dir() / "versions").glob("*.py")
        for match in _REVISION.finditer(path.read_text(encoding="utf-8"))
    ]
    followed = {name for kind, name in found if kind == "down_revision"}
    return next((name for kind, name in found if kind == "revision" and name not in followed), None)


def upgrade(database: Database, *, revision: str = "head") -> bool:
    """Migrate the database up to `revision`; return whether there was anything to do.

    Raise Misconfigured when the database was made by a newer version of the program, Invalid for an unknown
    revision.
    """
    # Only who migrates waits for Alembic, see above.
    from forum.core.migrating import migrate

    return migrate(database, "upgrade", revision)


def downgrade(database: Database, *, revision: str) -> bool:
    """Migrate the database down to `revision` ("base" leaves nothing); return whether anything was to do."""
    # The same holds here.
    from forum.core.migrating import migrate

    return migrate(database, "downgrade", revision)
