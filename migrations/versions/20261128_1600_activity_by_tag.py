"""When the questions of a tag were last active, so that its list is read in that order."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Repeat the moment of the last activity beside each tag of a question."""
    op.drop_index("ix_question_tag_tag_id_question_id", table_name="question_tag")
    op.add_column("question_tag", sa.Column("active_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE question_tag SET active_at = (SELECT active_at FROM post WHERE id = question_tag.question_id)"
    )
    with op.batch_alter_table("question_tag") as batch_op:
        batch_op.alter_column("active_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    op.create_index(
        "ix_question_tag_tag_id_active_at_question_id", "question_tag", ["tag_id", "active_at", "question_id"]
    )


def downgrade() -> None:
    """Drop the moments: each stands in the row of its question."""
    op.drop_index("ix_question_tag_tag_id_active_at_question_id", table_name="question_tag")
    op.execute("ALTER TABLE question_tag DROP COLUMN active_at")
    op.create_index("ix_question_tag_tag_id_question_id", "question_tag", ["tag_id", "question_id"])
