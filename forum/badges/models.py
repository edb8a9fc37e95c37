"""Tables of badges."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.tables import Base


class BadgeAward(Base):
    """Somebody was awarded a badge: elsewhere, before an import, or here for a shared link."""

    __tablename__ = "badge_award"
    __table_args__ = (CheckConstraint("level IN ('gold', 'silver', 'bronze')", name="level"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(10))
    is_for_tag: Mapped[bool]
    awarded_at: Mapped[datetime]
