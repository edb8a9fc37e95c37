"""People, posts, votes, the reputation ledger, tags, badges, jobs, rate limits, imports."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

VISIBLE_QUESTION = sa.text("kind = 'question' AND deleted_at IS NULL")
UNANSWERED = sa.text("kind = 'question' AND deleted_at IS NULL AND answer_count = 0")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "imported_row",
        sa.Column("origin", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("local_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("origin", "kind", "source_id", name=op.f("pk_imported_row")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("queue", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_queue_due_at", ["queue", "due_at"], unique=False)

    op.create_table(
        "rate_limit_window",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_limit_window")),
    )
    with op.batch_alter_table("rate_limit_window", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_limit_window_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "tag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("excerpt", sa.Text(), server_default="", nullable=False),
        sa.Column("description_source", sa.Text(), server_default="", nullable=False),
        sa.Column("description_html", sa.Text(), server_default="", nullable=False),
        sa.Column("description_render_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("question_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("name", name=op.f("uq_tag_name")),
    )
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.create_index("ix_tag_question_count_id", ["question_count", "id"], unique=False)

    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("role", sa.String(length=10), server_default="member", nullable=False),
        sa.Column("reputation", sa.Integer(), server_default="1", nullable=False),
        sa.Column("about_source", sa.Text(), server_default="", nullable=False),
        sa.Column("about_html", sa.Text(), server_default="", nullable=False),
        sa.Column("about_render_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("location", sa.Text(), server_default="", nullable=False),
        sa.Column("website", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('member', 'moderator', 'admin')", name=op.f("ck_user_role")),
        sa.CheckConstraint("reputation >= 1", name=op.f("ck_user_reputation_floor")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("name_key", name=op.f("uq_user_name_key")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_email_key"), ["email_key"], unique=False)
        batch_op.create_index("ix_user_created_at_id", ["created_at", "id"], unique=False)
        batch_op.create_index("ix_user_reputation_id", ["reputation", "id"], unique=False)

    op.create_table(
        "badge_award",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("is_for_tag", sa.Boolean(), nullable=False),
        sa.Column("awarded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('gold', 'silver', 'bronze')", name=op.f("ck_badge_award_level")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_badge_award_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_award")),
    )
    with op.batch_alter_table("badge_award", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_badge_award_user_id"), ["user_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_login_session_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('first-admin', 'claim')", name=op.f("ck_one_time_link_purpose")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_one_time_link_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_link_user_id"), ["user_id"], unique=False)

    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("render_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("editor_id", sa.Integer(), nullable=True),
        sa.Column("revision_count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("base_score", sa.Integer(), server_default="0", nullable=False),
        sa.Column("score", sa.Integer(), server_default="0", nullable=False),
        sa.Column("comment_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("slug", sa.Text(), server_default="", nullable=False),
        sa.Column("excerpt", sa.Text(), server_default="", nullable=False),
        sa.Column("tag_names", sa.Text(), server_default="", nullable=False),
        sa.Column("accepted_answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("upvoted_answer_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("view_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hot", sa.Double(), server_default="0", nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_by_id", sa.Integer(), nullable=True),
        sa.Column("active_kind", sa.String(length=10), server_default="asked", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("duplicate_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(kind = 'answer') = (question_id IS NOT NULL)", name=op.f("ck_post_answer_has_question")
        ),
        sa.CheckConstraint(
            "(kind = 'question') = (title IS NOT NULL)", name=op.f("ck_post_question_has_title")
        ),
        sa.CheckConstraint("kind IN ('question', 'answer')", name=op.f("ck_post_kind")),
        sa.ForeignKeyConstraint(["accepted_answer_id"], ["post.id"], name=op.f("fk_post_accepted_answer_id")),
        sa.ForeignKeyConstraint(["active_by_id"], ["user.id"], name=op.f("fk_post_active_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_post_author_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["user.id"], name=op.f("fk_post_deleted_by_id")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["post.id"], name=op.f("fk_post_duplicate_of_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["user.id"], name=op.f("fk_post_editor_id")),
        sa.ForeignKeyConstraint(["question_id"], ["post.id"], name=op.f("fk_post_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("author_id", "submission", name=op.f("uq_post_author_id_submission")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_author_id_kind_score", ["author_id", "kind", "score"], unique=False)
        batch_op.create_index("ix_post_question_id_score", ["question_id", "score"], unique=False)
        batch_op.create_index(
            "ix_post_unanswered",
            ["created_at", "id"],
            unique=False,
            postgresql_where=UNANSWERED,
            sqlite_where=UNANSWERED,
        )
        batch_op.create_index(
            "ix_post_visible_question_active_at_id",
            ["active_at", "id"],
            unique=False,
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )
        batch_op.create_index(
            "ix_post_visible_question_created_at_id",
            ["created_at", "id"],
            unique=False,
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )
        batch_op.create_index(
            "ix_post_visible_question_hot_id",
            ["hot", "id"],
            unique=False,
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )
        batch_op.create_index(
            "ix_post_visible_question_score_id",
            ["score", "id"],
            unique=False,
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )

    op.create_table(
        "reputation_day",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("gain", sa.Integer(), nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reputation_day_user_id")),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_reputation_day")),
    )
    with op.batch_alter_table("reputation_day", schema=None) as batch_op:
        batch_op.create_index("ix_reputation_day_day", ["day"], unique=False)

    op.create_table(
        "tag_synonym",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_tag_synonym_tag_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tag_synonym")),
    )
    with op.batch_alter_table("tag_synonym", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tag_synonym_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("submission", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("render_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision_count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("base_score", sa.Integer(), server_default="0", nullable=False),
        sa.Column("score", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(["deleted_by_id"], ["user.id"], name=op.f("fk_comment_deleted_by_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_comment_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("author_id", "submission", name=op.f("uq_comment_author_id_submission")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_post_id_created_at", ["post_id", "created_at"], unique=False)

    op.create_table(
        "question_link",
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('mention', 'duplicate')", name=op.f("ck_question_link_kind")),
        sa.ForeignKeyConstraint(["from_id"], ["post.id"], name=op.f("fk_question_link_from_id")),
        sa.ForeignKeyConstraint(["to_id"], ["post.id"], name=op.f("fk_question_link_to_id")),
        sa.PrimaryKeyConstraint("from_id", "to_id", "kind", name=op.f("pk_question_link")),
    )
    with op.batch_alter_table("question_link", schema=None) as batch_op:
        batch_op.create_index("ix_question_link_to_id", ["to_id"], unique=False)

    op.create_table(
        "question_tag",
        sa.Column("question_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["post.id"], name=op.f("fk_question_tag_question_id")),
        sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name=op.f("fk_question_tag_tag_id")),
        sa.PrimaryKeyConstraint("question_id", "tag_id", name=op.f("pk_question_tag")),
    )
    with op.batch_alter_table("question_tag", schema=None) as batch_op:
        batch_op.create_index("ix_question_tag_tag_id_question_id", ["tag_id", "question_id"], unique=False)

    op.create_table(
        "reputation_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("is_reversal", sa.Boolean(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("trigger_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("earned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("earned_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "is_reversal = (reverses_id IS NOT NULL)",
            name=op.f("ck_reputation_entry_reversal_names_its_entry"),
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_reputation_entry_post_id")),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["reputation_entry.id"], name=op.f("fk_reputation_entry_reverses_id")
        ),
        sa.ForeignKeyConstraint(
            ["trigger_post_id"], ["post.id"], name=op.f("fk_reputation_entry_trigger_post_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reputation_entry_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reputation_entry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_reputation_entry_reverses_id")),
        sa.UniqueConstraint(
            "user_id",
            "cause",
            "subject",
            "turn",
            "is_reversal",
            name=op.f("uq_reputation_entry_user_id_cause_subject_turn_is_reversal"),
        ),
    )
    with op.batch_alter_table("reputation_entry", schema=None) as batch_op:
        batch_op.create_index("ix_reputation_entry_post_id", ["post_id"], unique=False)
        batch_op.create_index("ix_reputation_entry_trigger_post_id", ["trigger_post_id"], unique=False)
        batch_op.create_index("ix_reputation_entry_user_id_earned_on", ["user_id", "earned_on"], unique=False)
        batch_op.create_index("ix_reputation_entry_user_id_id", ["user_id", "id"], unique=False)

    op.create_table(
        "vote",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_vote_value")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_vote_post_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_vote_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("post_id", "user_id", name=op.f("uq_vote_post_id_user_id")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_vote_user_id"), ["user_id"], unique=False)

    op.create_table(
        "comment_vote",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("cast_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_vote_comment_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_comment_vote_user_id")),
        sa.PrimaryKeyConstraint("comment_id", "user_id", name=op.f("pk_comment_vote")),
    )
    with op.batch_alter_table("comment_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_vote_user_id"), ["user_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("tag_names", sa.Text(), nullable=True),
        sa.Column("rolled_back_to", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(post_id IS NULL) <> (comment_id IS NULL)", name=op.f("ck_revision_of_one_thing")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_revision_author_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_revision_comment_id")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_revision_post_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("comment_id", "number", name=op.f("uq_revision_comment_id_number")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_revision_post_id_number")),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("revision")
    with op.batch_alter_table("comment_vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_vote_user_id"))

    op.drop_table("comment_vote")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_vote_user_id"))

    op.drop_table("vote")
    with op.batch_alter_table("reputation_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_reputation_entry_user_id_id")
        batch_op.drop_index("ix_reputation_entry_user_id_earned_on")
        batch_op.drop_index("ix_reputation_entry_trigger_post_id")
        batch_op.drop_index("ix_reputation_entry_post_id")

    op.drop_table("reputation_entry")
    with op.batch_alter_table("question_tag", schema=None) as batch_op:
        batch_op.drop_index("ix_question_tag_tag_id_question_id")

    op.drop_table("question_tag")
    with op.batch_alter_table("question_link", schema=None) as batch_op:
        batch_op.drop_index("ix_question_link_to_id")

    op.drop_table("question_link")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_post_id_created_at")

    op.drop_table("comment")
    with op.batch_alter_table("tag_synonym", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tag_synonym_tag_id"))

    op.drop_table("tag_synonym")
    with op.batch_alter_table("reputation_day", schema=None) as batch_op:
        batch_op.drop_index("ix_reputation_day_day")

    op.drop_table("reputation_day")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_post_visible_question_score_id",
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )
        batch_op.drop_index(
            "ix_post_visible_question_hot_id",
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )
        batch_op.drop_index(
            "ix_post_visible_question_created_at_id",
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )
        batch_op.drop_index(
            "ix_post_visible_question_active_at_id",
            postgresql_where=VISIBLE_QUESTION,
            sqlite_where=VISIBLE_QUESTION,
        )
        batch_op.drop_index(
            "ix_post_unanswered",
            postgresql_where=UNANSWERED,
            sqlite_where=UNANSWERED,
        )
        batch_op.drop_index("ix_post_question_id_score")
        batch_op.drop_index("ix_post_author_id_kind_score")

    op.drop_table("post")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_link_user_id"))

    op.drop_table("one_time_link")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_user_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("badge_award", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_badge_award_user_id"))

    op.drop_table("badge_award")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index("ix_user_reputation_id")
        batch_op.drop_index("ix_user_created_at_id")
        batch_op.drop_index(batch_op.f("ix_user_email_key"))

    op.drop_table("user")
    with op.batch_alter_table("tag", schema=None) as batch_op:
        batch_op.drop_index("ix_tag_question_count_id")

    op.drop_table("tag")
    with op.batch_alter_table("rate_limit_window", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_limit_window_ends_at"))

    op.drop_table("rate_limit_window")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_queue_due_at")

    op.drop_table("job")
    op.drop_table("imported_row")
