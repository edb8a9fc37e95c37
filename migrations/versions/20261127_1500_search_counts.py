"""What is searched for by day and text, and how asking ended."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _counts() -> list[sa.Column[int]]:
    names = ("search_count", "empty_count", "relaxed_count", "opened_count", "solved_count")
    return [sa.Column(name, sa.Integer(), server_default="0", nullable=False) for name in names]


def upgrade() -> None:
    """Make the tables, empty: what was searched for before is not known."""
    op.create_table(
        "search_day",
        sa.Column("day", sa.Date(), nullable=False),
        *_counts(),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_search_day")),
    )
    op.create_table(
        "search_text",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=120), nullable=False),
        *_counts(),
        sa.Column("result_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tag_names", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("day", "text", name=op.f("pk_search_text")),
    )
    op.create_table(
        "ask_outcome",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_count", sa.Integer(), nullable=False),
        sa.Column("solved_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tag_names", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("outcome IN ('solved', 'none_fit', 'asked')", name=op.f("ck_ask_outcome_outcome")),
        sa.ForeignKeyConstraint(["thread_id"], ["post.id"], name=op.f("fk_ask_outcome_thread_id")),
        sa.ForeignKeyConstraint(["solved_id"], ["post.id"], name=op.f("fk_ask_outcome_solved_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask_outcome")),
    )
    with op.batch_alter_table("ask_outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ask_outcome_day"), ["day"], unique=False)


def downgrade() -> None:
    """Drop the tables with what was counted."""
    with op.batch_alter_table("ask_outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ask_outcome_day"))

    op.drop_table("ask_outcome")
    op.drop_table("search_text")
    op.drop_table("search_day")
