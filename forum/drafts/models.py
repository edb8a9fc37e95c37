"""The table of drafts: one for each person and place."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class Draft(Base):
    """What a person has begun to write in one place and has not posted yet."""

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("kind IN ('question', 'answer', 'edit', 'comment', 'comment-edit')", name="kind"),
        UNSEEN_TABLE,
    )

    # A draft is its author's alone, so it goes with the account.
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    # A post or a comment, by the kind; 0 for a new question. No foreign key, as it outlives what it is about.
    subject_id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    # The revision that an edit began with; 0 where nothing is edited.
    based_on: Mapped[int]
    # New with each save. Counted numbers would begin again with the next draft in the same place, and a tab
    # that still shows the one before could take it for its own.
    version: Mapped[str] = mapped_column(String(40))
    # The open form that saved it last, and when by its own clock (milliseconds; 0 without scripts): what the
    # same form sends is no conflict, whether its last answer was lost or an older text arrives late.
    written_in: Mapped[str] = mapped_column(String(40))
    turn: Mapped[int] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(index=True)
