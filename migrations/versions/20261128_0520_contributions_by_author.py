"""Indexes that find what somebody wrote in a time."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = ("post", "comment")
_LATER = sa.text("number > 1")


def upgrade() -> None:
    """Make the indexes; revisions only of changes, as the first is what was changed."""
    for table in _TABLES:
        op.create_index(op.f(f"ix_{table}_author_id_created_at"), table, ["author_id", "created_at"])
    op.create_index(
        op.f("ix_revision_edits_author_id_created_at"),
        "revision",
        ["author_id", "created_at"],
        postgresql_where=_LATER,
        sqlite_where=_LATER,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index(op.f("ix_revision_edits_author_id_created_at"), table_name="revision")
    for table in reversed(_TABLES):
        op.drop_index(op.f(f"ix_{table}_author_id_created_at"), table_name=table)
