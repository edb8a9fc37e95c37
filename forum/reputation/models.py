"""Tables of the reputation ledger; `forum.reputation.rules` explains how they add up."""

import datetime as dt

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.tables import Base


class ReputationEntry(Base):
    """A line of somebody's ledger: a gain or a loss with its cause, or the reversal of an earlier line.

    Rows are only ever added. `points` is what the rule gives for the cause; `change` is what it did to
    the total when it was entered, which differs at the floor and at the daily cap.
    """

    __tablename__ = "reputation_entry"
    __table_args__ = (
        # One standing line per cause and subject: the turn counts how often it was granted again.
        UniqueConstraint("user_id", "cause", "subject", "turn", "is_reversal"),
        CheckConstraint("is_reversal = (reverses_id IS NOT NULL)", name="reversal_names_its_entry"),
        Index("ix_reputation_entry_user_id_earned_on", "user_id", "earned_on"),
        Index("ix_reputation_entry_user_id_id", "user_id", "id"),
        Index("ix_reputation_entry_post_id", "post_id"),
        Index("ix_reputation_entry_trigger_post_id", "trigger_post_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    cause: Mapped[str] = mapped_column(String(30))
    # What exactly earned it, such as "42/7" for the vote of user 7 on post 42: see rules.Grant.
    subject: Mapped[str] = mapped_column(String(60))
    turn: Mapped[int]
    is_reversal: Mapped[bool]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("reputation_entry.id"), unique=True)
    # The post whose deletion caused a reversal; undeleting it grants the entry again.
    trigger_post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    points: Mapped[int]
    change: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)
    # When it was earned decides its day and order; a reversal counts where its entry stood.
    earned_at: Mapped[dt.datetime]
    earned_on: Mapped[dt.date] = mapped_column(Date)
    recorded_at: Mapped[dt.datetime]


class ReputationDay(Base):
    """What one UTC day does to a person's total: `total = max(floor, total + gain)`.

    Derived from the standing entries of that day, for graphs, leaderboards and quick recounts.
    """

    __tablename__ = "reputation_day"
    # With the gain in it, leaderboards read the days of their period and nothing else.
    __table_args__ = (Index("ix_reputation_day_day_user_id_gain", "day", "user_id", "gain"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    gain: Mapped[int]
    floor: Mapped[int]
