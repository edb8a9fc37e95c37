"""Tables of what was searched for and how asking ended. No column says who did it; times are days."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class SearchDay(Base):
    """All searches of one day (UTC)."""

    __tablename__ = "search_day"
    __table_args__ = UNSEEN_TABLE

    day: Mapped[date] = mapped_column(primary_key=True)
    search_count: Mapped[int] = mapped_column(server_default="0")
    # Of those: without a result; with results for some of the words only; a result was opened; a solved one.
    empty_count: Mapped[int] = mapped_column(server_default="0")
    relaxed_count: Mapped[int] = mapped_column(server_default="0")
    opened_count: Mapped[int] = mapped_column(server_default="0")
    solved_count: Mapped[int] = mapped_column(server_default="0")


class SearchText(Base):
    """The searches of one day for one text, as rules.normal_text writes it."""

    __tablename__ = "search_text"
    __table_args__ = UNSEEN_TABLE

    day: Mapped[date] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(120), primary_key=True)
    search_count: Mapped[int] = mapped_column(server_default="0")
    empty_count: Mapped[int] = mapped_column(server_default="0")
    relaxed_count: Mapped[int] = mapped_column(server_default="0")
    opened_count: Mapped[int] = mapped_column(server_default="0")
    solved_count: Mapped[int] = mapped_column(server_default="0")
    # What the last of the searches found, and the tags that the text asks for, between blanks.
    result_count: Mapped[int] = mapped_column(server_default="0")
    tag_names: Mapped[str] = mapped_column(Text, server_default="")


class AskOutcome(Base):
    """How one attempt to ask ended, or what was said on the way."""

    __tablename__ = "ask_outcome"
    __table_args__ = (
        CheckConstraint("outcome IN ('solved', 'none_fit', 'asked')", name="outcome"),
        UNSEEN_TABLE,
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    outcome: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(120))
    # The thread that solved it, or the question that was asked.
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    # How many threads were offered, and the best of them that was solved.
    offered_count: Mapped[int]
    solved_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    tag_names: Mapped[str] = mapped_column(Text, server_default="")
