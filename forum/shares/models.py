"""The table of links that people share."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class Share(Base):
    """Somebody's link to a post, and how many visitors came by it; the row is made by the first of them."""

    __tablename__ = "share"
    __table_args__ = UNSEEN_TABLE

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), primary_key=True)
    # Nobody else's link, so it goes with the account.
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    # One bit for each visitor, at a place that many visitors share: see rules.place_of.
    visitors: Mapped[bytes] = mapped_column(LargeBinary)
    # About how many those are: see rules.visitor_count. Written together with the bits.
    visitor_count: Mapped[int]
    first_at: Mapped[datetime]
