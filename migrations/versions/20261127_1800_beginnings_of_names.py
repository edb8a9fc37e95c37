"""Indexes that find people and tags by the first letters of their names."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INDEXES = (
    ("ix_user_name_key_beginning", "user", "name_key"),
    ("ix_tag_name_beginning", "tag", "name"),
)


def upgrade() -> None:
    """Make the indexes; on PostgreSQL in the order of code points, which beginnings are looked up by."""
    for name, table, column in _INDEXES:
        op.create_index(name, table, [column], postgresql_ops={column: "text_pattern_ops"})


def downgrade() -> None:
    """Drop them."""
    for name, table, _column in reversed(_INDEXES):
        op.drop_index(name, table_name=table)
