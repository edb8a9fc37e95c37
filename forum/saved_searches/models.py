"""Tables of saved searches, of what newly matches them, and of how far the worker has looked.

`user.new_match_count` is the sum of a person's `saved_search.new_count` and stands in the account menu. Every
action that changes matches counts both anew, under the lock of the person's row.
"""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class SavedSearch(Base):
    """A search that a person keeps."""

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("user_id", "text_key"),
        CheckConstraint("sort IN ('relevance', 'newest', 'active', 'score')", name="sort"),
        UNSEEN_TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    # As it was typed; the key is what two of them must not share, see rules.text_key.
    text: Mapped[str] = mapped_column(Text)
    text_key: Mapped[str] = mapped_column(Text)
    sort: Mapped[str] = mapped_column(String(12))
    # Whether the worker looks for new matches.
    notifies: Mapped[bool]
    # The rows of saved_search_match that are new; derived.
    new_count: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime]
    # Everything that was written before is looked through.
    looked_until: Mapped[datetime]


class SavedSearchMatch(Base):
    """A thread that was asked or answered after the search was saved, and matches it."""

    __tablename__ = "saved_search_match"
    __table_args__ = UNSEEN_TABLE

    saved_search_id: Mapped[int] = mapped_column(
        ForeignKey("saved_search.id", ondelete="CASCADE"), primary_key=True
    )
    thread_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    # The latest post that made it a match; a later one makes the thread new again.
    post_id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    noted_at: Mapped[datetime]
    # Not seen yet.
    is_new: Mapped[bool]


class WatchPosition(Base):
    """How far the worker has come in the present round; one row, or none before the first round."""

    __tablename__ = "saved_search_watch"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        UNSEEN_TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    after_id: Mapped[int]
