"""Tables of people and of what lets them in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.beginnings import index_of_beginnings
from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class User(Base):
    """A person: registered here, or imported and perhaps not yet claimed."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint("role IN ('member', 'moderator', 'admin')", name="role"),
        CheckConstraint("reputation >= 1", name="reputation_floor"),
        Index("ix_user_reputation_id", "reputation", "id"),
        Index("ix_user_created_at_id", "created_at", "id"),
        index_of_beginnings("user", "name_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    # What two names must not share: see rules.name_key. Imported namesakes get a number behind it.
    name_key: Mapped[str] = mapped_column(Text, unique=True)
    email: Mapped[str | None] = mapped_column(Text)
    # Not unique: refusing an address would tell who has an account here (docs/decisions/0004).
    email_key: Mapped[str | None] = mapped_column(Text, index=True)
    # None: cannot sign in (imported and unclaimed).
    password_hash: Mapped[str | None] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(10), server_default="member")
    # A cache of the ledger; only reputation.actions moves it.
    reputation: Mapped[int] = mapped_column(server_default="1")
    # A cache of what newly matches the saved searches; only saved_searches.actions moves it.
    new_match_count: Mapped[int] = mapped_column(server_default="0")
    about_source: Mapped[str] = mapped_column(Text, server_default="")
    about_html: Mapped[str] = mapped_column(Text, server_default="")
    about_render_version: Mapped[int] = mapped_column(server_default="0")
    location: Mapped[str] = mapped_column(Text, server_default="")
    website: Mapped[str] = mapped_column(Text, server_default="")
    # None: the pages speak what each browser asks for.
    language: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]


class LoginSession(Base):
    """One signed-in browser; deleting the row signs it out at once."""

    __tablename__ = "login_session"
    __table_args__ = UNSEEN_TABLE

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class OneTimeLink(Base):
    """A link that may be used once: to become the first administrator, or to claim an imported account."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        CheckConstraint("purpose IN ('first-admin', 'claim')", name="purpose"),
        UNSEEN_TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
