"""Reading which revision of the schema a database has, from the table where Alembic keeps it."""

from sqlalchemy import Connection, column, inspect, select, table

_STORED = table("alembic_version", column("version_num"))


def revisions_in(connection: Connection) -> set[str]:
    """Return the revision of the schema, as the set that Alembic keeps; it is empty without tables."""
    if not inspect(connection).has_table(_STORED.name):
        return set()
    return set(connection.scalars(select(_STORED.c.version_num)))
