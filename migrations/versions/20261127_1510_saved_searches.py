"""Saved searches, what newly matches them, and how far the worker has looked."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of saved searches and give people the number of their new matches."""
    op.add_column("user", sa.Column("new_match_count", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "saved_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_key", sa.Text(), nullable=False),
        sa.Column("sort", sa.String(length=12), nullable=False),
        sa.Column("notifies", sa.Boolean(), nullable=False),
        sa.Column("new_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("looked_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "sort IN ('relevance', 'newest', 'active', 'score')", name=op.f("ck_saved_search_sort")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_saved_search_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search")),
        sa.UniqueConstraint("user_id", "text_key", name=op.f("uq_saved_search_user_id_text_key")),
    )
    op.create_table(
        "saved_search_match",
        sa.Column("saved_search_id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["saved_search_id"],
            ["saved_search.id"],
            name=op.f("fk_saved_search_match_saved_search_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["post.id"], name=op.f("fk_saved_search_match_thread_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("saved_search_id", "thread_id", name=op.f("pk_saved_search_match")),
    )
    op.create_table(
        "saved_search_watch",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("after_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_saved_search_watch_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_search_watch")),
    )


def downgrade() -> None:
    """Drop the tables of saved searches with all that is in them."""
    op.drop_table("saved_search_watch")
    op.drop_table("saved_search_match")
    op.drop_table("saved_search")
    # Not by Alembic's batch, which would copy the table of people without its conditions.
    op.execute('ALTER TABLE "user" DROP COLUMN new_match_count')
