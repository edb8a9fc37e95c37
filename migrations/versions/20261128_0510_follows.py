"""Who follows which question."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_question_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table of follows and give questions the number of their followers."""
    op.add_column("post", sa.Column("follower_count", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "follow",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("question_id", _question_id, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["post.id"], name=op.f("fk_follow_question_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_follow_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "question_id", name=op.f("pk_follow")),
    )
    op.create_index(op.f("ix_follow_question_id"), "follow", ["question_id"])


def downgrade() -> None:
    """Drop the follows with their numbers."""
    op.drop_index(op.f("ix_follow_question_id"), table_name="follow")
    op.drop_table("follow")
    # Not by Alembic's batch, which would copy the table of posts without its conditions.
    op.execute("ALTER TABLE post DROP COLUMN follower_count")
