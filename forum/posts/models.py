"""Tables of questions, answers, comments, their revisions and the links between questions.

Questions and answers share one table, as on Stack Exchange, so that votes, comments, revisions and the
ledger point at one `post.id`. The row of a question is also the lock of its whole thread: every write
to a thread locks it first (posts.queries.lock_thread), which is why no two writes can disagree.
"""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.tables import Base

_VISIBLE_QUESTION = text("kind = 'question' AND deleted_at IS NULL")


def _question_list(*columns: str) -> Index:
    """An index over visible questions only, in the order of one of the lists."""
    name = "ix_post_visible_question_" + "_".join(columns)
    return Index(name, *columns, postgresql_where=_VISIBLE_QUESTION, sqlite_where=_VISIBLE_QUESTION)


class Post(Base):
    """A question, or an answer to one."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("kind IN ('question', 'answer')", name="kind"),
        CheckConstraint("(kind = 'answer') = (question_id IS NOT NULL)", name="answer_has_question"),
        CheckConstraint("(kind = 'question') = (title IS NOT NULL)", name="question_has_title"),
        UniqueConstraint("author_id", "submission"),
        _question_list("active_at", "id"),
        _question_list("created_at", "id"),
        _question_list("hot", "id"),
        _question_list("score", "id"),
        Index(
            "ix_post_unanswered",
            "created_at",
            "id",
            postgresql_where=text(f"{_VISIBLE_QUESTION} AND answer_count = 0"),
            sqlite_where=text(f"{_VISIBLE_QUESTION} AND answer_count = 0"),
        ),
        Index("ix_post_question_id_score", "question_id", "score"),
        Index("ix_post_author_id_kind_score", "author_id", "kind", "score"),
        Index("ix_post_author_id_created_at", "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    question_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    # None when the account is gone; author_name then keeps the name that stood there.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    author_name: Mapped[str | None] = mapped_column(Text)
    # Given by the form, so that a submission sent twice makes one post.
    submission: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    render_version: Mapped[int]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revision_count: Mapped[int] = mapped_column(server_default="1")
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # score = base_score + sum of the vote rows; the base is what an import could not trace to votes.
    base_score: Mapped[int] = mapped_column(server_default="0")
    score: Mapped[int] = mapped_column(server_default="0")
    # Visible comments; derived.
    comment_count: Mapped[int] = mapped_column(server_default="0")

    # How many say of an answer that it no longer works: the rows of outdated_mark; derived.
    outdated_count: Mapped[int] = mapped_column(server_default="0")

    # The rest belongs to questions alone.
    title: Mapped[str | None] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(Text, server_default="")
    # The beginning of the text, and the names of the tags between blanks: lists read one table only.
    excerpt: Mapped[str] = mapped_column(Text, server_default="")
    tag_names: Mapped[str] = mapped_column(Text, server_default="")
    accepted_answer_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    accepted_at: Mapped[datetime | None]
    # Visible answers, and how many of them have a positive score; derived.
    answer_count: Mapped[int] = mapped_column(server_default="0")
    upvoted_answer_count: Mapped[int] = mapped_column(server_default="0")
    view_count: Mapped[int] = mapped_column(server_default="0")
    # How many people follow it: the rows of follow that are on; derived.
    follower_count: Mapped[int] = mapped_column(server_default="0")
    # The sort key of the hot list, see rules.hotness; derived.
    hot: Mapped[float] = mapped_column(server_default="0")
    # What happened last, when and by whom: asked, answered, edited.
    active_at: Mapped[datetime]
    active_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    active_kind: Mapped[str] = mapped_column(String(10), server_default="asked")
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str | None] = mapped_column(Text)
    duplicate_of_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))


class OutdatedMark(Base):
    """Somebody says of an answer, in the wording that it has now, that it no longer works."""

    __tablename__ = "outdated_mark"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    # Without the person the mark is nobody's word, so it goes with the account.
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    marked_at: Mapped[datetime]


class Comment(Base):
    """A short remark on a question or an answer."""

    __tablename__ = "comment"
    __table_args__ = (
        Index("ix_comment_post_id_created_at", "post_id", "created_at"),
        Index("ix_comment_author_id_created_at", "author_id", "created_at"),
        UniqueConstraint("author_id", "submission"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    author_name: Mapped[str | None] = mapped_column(Text)
    submission: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    render_version: Mapped[int]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    revision_count: Mapped[int] = mapped_column(server_default="1")
    deleted_at: Mapped[datetime | None]
    deleted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    # score = base_score + number of vote rows.
    base_score: Mapped[int] = mapped_column(server_default="0")
    score: Mapped[int] = mapped_column(server_default="0")


class Revision(Base):
    """The text of a post or a comment as somebody left it; number 1 is the first version."""

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("(post_id IS NULL) <> (comment_id IS NULL)", name="of_one_thing"),
        UniqueConstraint("post_id", "number"),
        UniqueConstraint("comment_id", "number"),
        Index(
            "ix_revision_edits_author_id_created_at",
            "author_id",
            "created_at",
            postgresql_where=text("number > 1"),
            sqlite_where=text("number > 1"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    number: Mapped[int]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    author_name: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    summary: Mapped[str] = mapped_column(Text, server_default="")
    source: Mapped[str] = mapped_column(Text)
    # Questions only.
    title: Mapped[str | None] = mapped_column(Text)
    tag_names: Mapped[str | None] = mapped_column(Text)
    # The revision whose text this one brought back.
    rolled_back_to: Mapped[int | None]


class QuestionLink(Base):
    """One question points to another: mentioned in its thread, or named as the one it repeats."""

    __tablename__ = "question_link"
    __table_args__ = (
        CheckConstraint("kind IN ('mention', 'duplicate')", name="kind"),
        Index("ix_question_link_to_id", "to_id"),
    )

    from_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    created_at: Mapped[datetime]


class RelatedQuestions(Base):
    """Which questions are about the same as one, as the search index said when the worker last asked it."""

    __tablename__ = "related_questions"
    __table_args__ = (Index("ix_related_questions_found_at", "found_at"),)

    question_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    ids: Mapped[str] = mapped_column(Text)
    """Their ids with blanks between them, the most similar first."""
    found_at: Mapped[datetime]
