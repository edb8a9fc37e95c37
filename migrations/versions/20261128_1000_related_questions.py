"""Related questions, found by the worker instead of at each first look at a page."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; the worker fills it."""
    op.create_table(
        "related_questions",
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ids", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["post.id"], name=op.f("fk_related_questions_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_related_questions")),
    )
    op.create_index(op.f("ix_related_questions_found_at"), "related_questions", ["found_at"])


def downgrade() -> None:
    """Drop the table: everything in it can be found again."""
    op.drop_index(op.f("ix_related_questions_found_at"), table_name="related_questions")
    op.drop_table("related_questions")
