"""Tables of tags."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.beginnings import index_of_beginnings
from forum.core.tables import Base


class Tag(Base):
    """A subject that questions are about."""

    __tablename__ = "tag"
    __table_args__ = (
        Index("ix_tag_question_count_id", "question_count", "id"),
        index_of_beginnings("tag", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    # One line for lists and completion; the description below it is the long form.
    excerpt: Mapped[str] = mapped_column(Text, server_default="")
    description_source: Mapped[str] = mapped_column(Text, server_default="")
    description_html: Mapped[str] = mapped_column(Text, server_default="")
    description_render_version: Mapped[int] = mapped_column(server_default="0")
    # Visible questions that carry the tag; derived.
    question_count: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]


class TagSynonym(Base):
    """Another name for a tag; asking with it, or opening its page, leads to the tag."""

    __tablename__ = "tag_synonym"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), index=True)
    created_at: Mapped[datetime]


class QuestionTag(Base):
    """A question carries a tag."""

    __tablename__ = "question_tag"
    __table_args__ = (
        Index("ix_question_tag_tag_id_active_at_question_id", "tag_id", "active_at", "question_id"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), primary_key=True)
    # The order in which the asker gave the tags.
    position: Mapped[int]
    # When the question was last active, so that the list of a tag is read in its order; derived.
    active_at: Mapped[datetime]
