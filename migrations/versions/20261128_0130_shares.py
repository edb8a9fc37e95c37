"""Links that people share, and how many visitors came by them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_post_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of shared links."""
    op.create_table(
        "share",
        sa.Column("post_id", _post_id, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("visitors", sa.LargeBinary(), nullable=False),
        sa.Column("visitor_count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_share_post_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_share_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("post_id", "user_id", name=op.f("pk_share")),
    )
    op.create_index(op.f("ix_share_user_id"), "share", ["user_id"])


def downgrade() -> None:
    """Drop the shared links with their numbers."""
    op.drop_index(op.f("ix_share_user_id"), table_name="share")
    op.drop_table("share")
