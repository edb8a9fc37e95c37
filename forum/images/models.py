"""Tables of images, of who uploaded them, and of the texts that refer to them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base

_Number = BigInteger().with_variant(Integer, "sqlite")


class Image(Base):
    """An image whose files are in the store; whoever holds its row may write and delete them."""

    __tablename__ = "image"

    id: Mapped[int] = mapped_column(_Number, primary_key=True)
    # The beginning of the hash of the content; two people with the same image share its files.
    key: Mapped[str] = mapped_column(String(32), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    extension: Mapped[str] = mapped_column(String(4))
    # Of all its files together.
    byte_count: Mapped[int]
    # When it was last uploaded by anybody.
    stored_at: Mapped[datetime] = mapped_column(index=True)


class ImageUpload(Base):
    """Somebody uploaded an image, and it counts against what that person may keep."""

    __tablename__ = "image_upload"
    __table_args__ = (
        Index("ix_image_upload_user_id_digest", "user_id", "digest"),
        UNSEEN_TABLE,
    )

    image_id: Mapped[int] = mapped_column(ForeignKey("image.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    # Of the file as it was sent, so that the same file is not worked on twice.
    digest: Mapped[str] = mapped_column(String(64))


class ImageUsage(Base):
    """How many bytes the images of a person take; derived, and what two parallel uploads queue for."""

    __tablename__ = "image_usage"
    __table_args__ = UNSEEN_TABLE

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    byte_count: Mapped[int] = mapped_column(BigInteger, server_default="0")


class ImageReference(Base):
    """A text holds the address of an image, whether or not that image is there; derived from the texts.

    The place is the kind of thing whose text it is, and no foreign key: tables of all layers have texts.
    """

    __tablename__ = "image_reference"
    __table_args__ = (
        Index("ix_image_reference_place_place_id", "place", "place_id"),
        UNSEEN_TABLE,
    )

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[str] = mapped_column(String(10), primary_key=True)
    place_id: Mapped[int] = mapped_column(_Number, primary_key=True, autoincrement=False)
