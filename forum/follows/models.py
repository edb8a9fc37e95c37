"""The table of who follows which question.

`post.follower_count` is the number of a question's rows that are on. The actions of posts move both under the
lock of the thread.
"""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class Follow(Base):
    """Somebody follows a question, or did once."""

    __tablename__ = "follow"
    __table_args__ = UNSEEN_TABLE

    # A follow is nobody's without the person, so it goes with the account.
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True, index=True)
    # Off when the person has stopped: then writing in the thread does not make them follow it again.
    is_on: Mapped[bool]
    # All that happened in the thread up to this moment was there when the person last opened it.
    seen_until: Mapped[datetime]
