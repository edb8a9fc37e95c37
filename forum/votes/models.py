"""Tables of votes."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.tables import Base


class Vote(Base):
    """Somebody found a post useful (+1) or not (-1); imported votes are anonymous."""

    __tablename__ = "vote"
    __table_args__ = (
        UniqueConstraint("post_id", "user_id"),
        CheckConstraint("value IN (-1, 1)", name="value"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    value: Mapped[int]
    cast_at: Mapped[datetime]


class CommentVote(Base):
    """Somebody found a comment useful."""

    __tablename__ = "comment_vote"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    cast_at: Mapped[datetime]
