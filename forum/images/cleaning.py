"""Removing images that no text refers to, and files that belong to no image, in small steps.

What refers to an image is known from a table, which every action that stores a text keeps. Looking through
all texts instead would take as long as the site is large, for each image anew, and would still miss the text
that is stored while one looks. Each step is one transaction for one image, so that nobody waits for all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from forum.core import clock
from forum.core.db import Database
from forum.core.markup.image_names import named
from forum.images import actions, queries
from forum.images.queries import StoredImage
from forum.images.rules import UNUSED_AFTER
from forum.images.storage import SHARDS, ImageStore, StoredFile

BATCH = 500
"""Images, or files of a listing, that one statement is about."""
PER_SWEEP = 100
"""Images that one sweep of the worker forgets, so that new posts don't wait long for the index."""
SHARDS_PER_SWEEP = 11
"""With a sweep an hour, the whole store is looked through in a day."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What was removed, or would be."""

    images: int = 0
    files: int = 0
    byte_count: int = 0


def sweep(database: Database, store: ImageStore) -> None:
    """Do the next part of the cleaning; the hour decides which part, so nothing has to be remembered."""
    hour = int(clock.now().timestamp()) // 3600
    shards = [SHARDS[(hour * SHARDS_PER_SWEEP + number) % len(SHARDS)] for number in range(SHARDS_PER_SWEEP)]
    clean(database, store, most=PER_SWEEP, shards=shards)


def clean(
    database: Database,
    store: ImageStore,
    *,
    most: int | None = None,
    shards: Sequence[str] = SHARDS,
    is_rehearsal: bool = False,
) -> Cleaned:
    """Remove images without a text and files without an image, both only when they are more than a day old.

    At most so many images if `most` is given; nothing at all in a rehearsal. Raises StoreUnavailable.
    """
    before = clock.now() - UNUSED_AFTER
    images = files = byte_count = 0
    for image in _unused(database, before, most):
        freed = image.byte_count
        if not is_rehearsal:
            with database.transaction() as session:
                freed = actions.forget_unused(session, store, image.id, before=before)
        images, byte_count = images + (freed > 0), byte_count + freed
    for file in strays(database, store, shards=shards, before=before):
        if not is_rehearsal and not remove_stray(database, store, file):
            continue
        files, byte_count = files + 1, byte_count + file.byte_count
    return Cleaned(images, files, byte_count)


def strays(
    database: Database, store: ImageStore, *, shards: Sequence[str] = SHARDS, before: datetime
) -> Iterator[StoredFile]:
    """Yield the files that were stored before a moment and belong to no image."""
    for shard in shards:
        old = (file for file in store.listing(shard) if file.stored_at < before)
        while batch := tuple(islice(old, BATCH)):
            with database.reading() as session:
                keys = {name.key for file in batch if (name := named(file.name))}
                known = queries.with_keys(session, keys)
            expected = {file for name in known.values() for file in name.names}
            yield from (file for file in batch if file.name not in expected)


def remove_stray(database: Database, store: ImageStore, file: StoredFile) -> bool:
    """Delete a file that belongs to no image; tell whether it was one, as an image may have come since."""
    with database.transaction() as session:
        return actions.forget_stray(session, store, file.name)


def _unused(database: Database, before: datetime, most: int | None) -> Iterator[StoredImage]:
    left, after_id = most, 0
    while left is None or left > 0:
        limit = BATCH if left is None else min(BATCH, left)
        with database.reading() as session:
            found = queries.unused(session, before=before, after_id=after_id, limit=limit)
        yield from found
        if len(found) < limit:
            return
        after_id, left = found[-1].id, None if left is None else left - len(found)
