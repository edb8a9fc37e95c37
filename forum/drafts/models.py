"""The tables of drafts: one draft for each person and place, and those that were discarded lately."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base

_KINDS = "kind IN ('question', 'answer', 'edit', 'comment', 'comment-edit')"
_Number = BigInteger().with_variant(Integer, "sqlite")


class _Written:
    """What both tables keep of a text."""

    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    tags: Mapped[str] = mapped_column(Text)
    summary: Mapped[str] = mapped_column(Text)
    # The revision that an edit began with; 0 where nothing is edited.
    based_on: Mapped[int]
    # The open form that saved it last, and when by its own clock (milliseconds; 0 without scripts): what the
    # same form sends is no conflict, whether its last answer was lost or an older text arrives late.
    written_in: Mapped[str] = mapped_column(String(40))
    turn: Mapped[int] = mapped_column(BigInteger)


class Draft(_Written, Base):
    """What a person has begun to write in one place and has not posted yet."""

    __tablename__ = "draft"
    __table_args__ = (CheckConstraint(_KINDS, name="kind"), UNSEEN_TABLE)

    # A draft is its author's alone, so it goes with the account.
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    # A post or a comment, by the kind; 0 for a new question. No foreign key, as it outlives what it is about.
    subject_id: Mapped[int] = mapped_column(_Number, primary_key=True, autoincrement=False)
    # New with each save. Counted numbers would begin again with the next draft in the same place, and a tab
    # that still shows the one before could take it for its own.
    version: Mapped[str] = mapped_column(String(40))
    updated_at: Mapped[datetime] = mapped_column(index=True)


class DiscardedDraft(_Written, Base):
    """A draft that its author threw away and may still bring back.

    It has a table of its own, as another draft may be begun in the same place meanwhile.
    """

    __tablename__ = "discarded_draft"
    __table_args__ = (CheckConstraint(_KINDS, name="kind"), UNSEEN_TABLE)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    # That of the draft, which no other draft has ever had.
    version: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int] = mapped_column(_Number)
    updated_at: Mapped[datetime]
    discarded_at: Mapped[datetime] = mapped_column(index=True)
