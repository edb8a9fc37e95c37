"""An index by which leaderboards read the days of their period only."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the person and the gain into the index of days."""
    op.drop_index("ix_reputation_day_day", "reputation_day")
    op.create_index("ix_reputation_day_day_user_id_gain", "reputation_day", ["day", "user_id", "gain"])


def downgrade() -> None:
    """Index the days alone again."""
    op.drop_index("ix_reputation_day_day_user_id_gain", "reputation_day")
    op.create_index("ix_reputation_day_day", "reputation_day", ["day"])
