"""Reads of images."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from forum.core.markup.image_names import ImageName
from forum.images.models import Image, ImageReference, ImageUpload, ImageUsage


@dataclass(frozen=True, slots=True)
class StoredImage:
    """An image that has a row."""

    id: int
    name: ImageName
    byte_count: int
    stored_at: datetime


def uploaded(session: Session, user_id: int, digest: str) -> ImageName | None:
    """Return the image that came of a file which this person sent before, by the hash of that file."""
    same = select(Image).join(ImageUpload, ImageUpload.image_id == Image.id)
    image = session.scalars(
        same.where(ImageUpload.user_id == user_id, ImageUpload.digest == digest).limit(1)
    ).one_or_none()
    return name_of(image) if image else None


def has_uploaded(session: Session, user_id: int, key: str) -> bool:
    """Tell whether an image counts against what a person may keep already."""
    mine = exists().where(ImageUpload.user_id == user_id, ImageUpload.image_id == Image.id, Image.key == key)
    return session.execute(select(mine)).scalar_one()


def used_bytes(session: Session, user_id: int) -> int:
    """Return how many bytes the images of a person take."""
    used = select(ImageUsage.byte_count).where(ImageUsage.user_id == user_id)
    return session.scalars(used).one_or_none() or 0


def unused(session: Session, *, before: datetime, after_id: int = 0, limit: int) -> Sequence[StoredImage]:
    """Return the next images, by their ids, that were stored before a moment and that no text refers to."""
    is_wanted = exists().where(ImageReference.key == Image.key)
    rows = select(Image).where(Image.id > after_id, Image.stored_at < before, ~is_wanted)
    return [_stored(image) for image in session.scalars(rows.order_by(Image.id).limit(limit))]


def is_referred_to(session: Session, key: str) -> bool:
    """Tell whether some text holds the address of an image."""
    return session.execute(select(exists().where(ImageReference.key == key))).scalar_one()


def stored_after(session: Session, image_id: int, *, limit: int) -> Sequence[StoredImage]:
    """Return the next images by their ids."""
    rows = select(Image).where(Image.id > image_id).order_by(Image.id).limit(limit)
    return [_stored(image) for image in session.scalars(rows)]


def with_keys(session: Session, keys: Collection[str]) -> Mapping[str, ImageName]:
    """Return those images of the keys that have a row."""
    if not keys:
        return {}
    return {image.key: name_of(image) for image in session.scalars(select(Image).where(Image.key.in_(keys)))}


def name_of(image: Image) -> ImageName:
    """Return what an image is called, by its row."""
    return ImageName(image.key, image.width, image.height, image.extension)


def _stored(image: Image) -> StoredImage:
    return StoredImage(image.id, name_of(image), image.byte_count, image.stored_at)
