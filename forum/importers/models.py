"""Table of what came from where, so that importing again adds only what is new."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class ImportedRow(Base):
    """The row of ours that a row of another site became; without one it was left out for good."""

    __tablename__ = "imported_row"
    __table_args__ = UNSEEN_TABLE

    # The other site, such as "cardano.stackexchange.com".
    origin: Mapped[str] = mapped_column(String(120), primary_key=True)
    # user, post, comment, vote, revision, badge, link, tag
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    source_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    local_id: Mapped[int | None] = mapped_column(BigInteger)
