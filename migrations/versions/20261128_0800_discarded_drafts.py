"""Drafts that were discarded lately, so that discarding can be undone."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of discarded drafts."""
    op.create_table(
        "discarded_draft",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("written_in", sa.String(length=40), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('question', 'answer', 'edit', 'comment', 'comment-edit')",
            name=op.f("ck_discarded_draft_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_discarded_draft_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "version", name=op.f("pk_discarded_draft")),
    )
    op.create_index(op.f("ix_discarded_draft_discarded_at"), "discarded_draft", ["discarded_at"])


def downgrade() -> None:
    """Drop all discarded drafts, and with them the references of drafts to images."""
    op.execute("DELETE FROM image_reference WHERE place = 'draft'")
    op.drop_index(op.f("ix_discarded_draft_discarded_at"), table_name="discarded_draft")
    op.drop_table("discarded_draft")
