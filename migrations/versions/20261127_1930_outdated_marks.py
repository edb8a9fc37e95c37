"""Who says of which answer that it no longer works."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_post_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of marks and give posts the number of theirs."""
    op.add_column("post", sa.Column("outdated_count", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "outdated_mark",
        sa.Column("post_id", _post_id, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_outdated_mark_post_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_outdated_mark_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("pk_outdated_mark")),
    )
    op.create_index(op.f("ix_outdated_mark_user_id"), "outdated_mark", ["user_id"])


def downgrade() -> None:
    """Drop the marks with their numbers."""
    op.drop_index(op.f("ix_outdated_mark_user_id"), table_name="outdated_mark")
    op.drop_table("outdated_mark")
    # Not by Alembic's batch, which would copy the table of posts without its conditions.
    op.execute("ALTER TABLE post DROP COLUMN outdated_count")
