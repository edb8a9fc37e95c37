"""Uploading in tests, as the views do it."""

from datetime import datetime

from sqlalchemy import func, select

from forum.core import clock
from forum.core.db import Database
from forum.core.markup.image_names import ImageName
from forum.images import actions, uploading
from forum.images.models import Image, ImageReference, ImageUpload
from forum.images.queries import used_bytes
from forum.images.storage import SHARDS, ImageStore
from forum.images.uploading import Allowance
from tests.images.pictures import ALLOWANCE


def upload(
    database: Database,
    store: ImageStore,
    person_id: int,
    content: bytes,
    *,
    allowance: Allowance = ALLOWANCE,
    at: datetime | None = None,
) -> ImageName:
    """Let somebody upload a file, at a moment of the past if one is given."""
    with clock.frozen(at or clock.now()):
        with database.reading() as session:
            ready = uploading.prepare(session, store, person_id, content, allowance=allowance)
        with database.transaction() as session:
            return actions.keep(session, store, ready, quota_bytes=allowance.quota_bytes)


def files(store: ImageStore) -> set[str]:
    """Return the names of all files."""
    return {file.name for shard in SHARDS for file in store.listing(shard)}


def kept(database: Database) -> int:
    """Return the number of images that have a row."""
    return _count(database, Image)


def uploads(database: Database) -> int:
    """Return how many images count against somebody's room."""
    return _count(database, ImageUpload)


def references(database: Database) -> set[tuple[str, str, int]]:
    """Return which texts refer to which images."""
    columns = select(ImageReference.key, ImageReference.place, ImageReference.place_id)
    with database.reading() as session:
        return {(row[0], row[1], row[2]) for row in session.execute(columns)}


def usage(database: Database, person_id: int) -> int:
    """Return how many bytes a person's images take."""
    with database.reading() as session:
        return used_bytes(session, person_id)


def _count(database: Database, table: type[Image] | type[ImageUpload]) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()
