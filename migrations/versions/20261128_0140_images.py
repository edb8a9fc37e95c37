"""Images that people upload, how much room they take, and which texts refer to them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; no text can refer to an image yet."""
    op.create_table(
        "image",
        sa.Column("id", _number, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("extension", sa.String(length=4), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_image")),
        sa.UniqueConstraint("key", name=op.f("uq_image_key")),
    )
    op.create_index(op.f("ix_image_stored_at"), "image", ["stored_at"])
    op.create_table(
        "image_upload",
        sa.Column("image_id", _number, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["image_id"], ["image.id"], name=op.f("fk_image_upload_image_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_image_upload_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("image_id", "user_id", name=op.f("pk_image_upload")),
    )
    op.create_index("ix_image_upload_user_id_digest", "image_upload", ["user_id", "digest"])
    op.create_table(
        "image_usage",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("byte_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_image_usage_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_image_usage")),
    )
    op.create_table(
        "image_reference",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=10), nullable=False),
        sa.Column("place_id", _number, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "place", "place_id", name=op.f("pk_image_reference")),
    )
    op.create_index("ix_image_reference_place_place_id", "image_reference", ["place", "place_id"])


def downgrade() -> None:
    """Drop the tables; the files stay in the store."""
    op.drop_index("ix_image_reference_place_place_id", table_name="image_reference")
    op.drop_table("image_reference")
    op.drop_table("image_usage")
    op.drop_index("ix_image_upload_user_id_digest", table_name="image_upload")
    op.drop_table("image_upload")
    op.drop_index(op.f("ix_image_stored_at"), table_name="image")
    op.drop_table("image")
