"""The version of what pages show, by which kept pages are known to be still true."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SHARDS = 64


def upgrade() -> None:
    """Begin to count."""
    table = op.create_table(
        "page_version",
        sa.Column("shard", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "version",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("shard", name=op.f("pk_page_version")),
    )
    op.bulk_insert(table, [{"shard": shard} for shard in range(_SHARDS)])


def downgrade() -> None:
    """Stop counting."""
    op.drop_table("page_version")
