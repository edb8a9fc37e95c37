"""What Alembic runs: the migrations of `versions/` on the connection that forum.core.schema hands over."""

from alembic import context

from forum.core.tables import UtcDateTime
from forum.wiring import metadata


def render_item(kind: str, thing: object, _context: object) -> str | bool:
    """Write our column type as what the database keeps, as migrations import nothing of the program."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


connection = context.config.attributes["connection"]
# SQLite can't alter most of a table, so Alembic copies it ("batch").
context.configure(
    connection=connection, target_metadata=metadata, render_as_batch=True, render_item=render_item
)
with context.begin_transaction():
    context.run_migrations()
