"""Images against their files, texts against what they refer to, and what the images of each person take."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Select, delete, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.accounts.models import User
from forum.checks.columns import DerivedColumns, Locks, derived_column
from forum.checks.differences import Difference
from forum.checks.posts import lock_threads, lock_threads_of_comments
from forum.checks.windows import Window, portions, windows
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import Invalid
from forum.core.inserts import insert_into
from forum.core.markup.image_names import IMAGES_PATH, ImageName, image_keys
from forum.drafts.models import DiscardedDraft, Draft
from forum.images import cleaning, queries
from forum.images.encoding import encode
from forum.images.models import Image, ImageReference, ImageUpload, ImageUsage
from forum.images.rules import MAX_EDGE, UNUSED_AFTER
from forum.images.storage import SHARDS, ImageStore
from forum.posts.models import Comment, Post, Revision
from forum.tags.models import Tag

Progress = Callable[[int, int], None]
"""Is told how many parts of the store are compared, of how many."""
_GREATEST_ID = 2**63 - 1


class ImageFiles:
    """The files of the store against the rows of images, a shard at a time.

    A missing small copy is made anew. An image whose full size is missing can only come back from a backup,
    or by being uploaded again.
    """

    name = "images"

    def __init__(self, database: Database, store: ImageStore, *, progress: Progress | None = None) -> None:
        self._database = database
        self._store = store
        self._progress = progress or (lambda _done, _total: None)

    def differences(self, _session: Session) -> Iterator[Difference]:
        """Yield the files that are missing, and those of more than a day's age that belong to no image."""
        for done, shard in enumerate(SHARDS):
            for image_id, _image, file in self._missing(shard):
                yield Difference("image.file", image_id, file, "nothing")
            for stray in self._strays(shard):
                yield Difference("image.stray", 0, "no file without an image", stray.name)
            self._progress(done + 1, len(SHARDS))

    def repair(self, database: Database) -> None:
        """Make missing small copies anew, and delete the files that belong to no image."""
        for shard in SHARDS:
            for _id, image, file in list(self._missing(shard)):
                if file == image.small:
                    self._make_small(image)
            for stray in list(self._strays(shard)):
                cleaning.remove_stray(database, self._store, stray)

    def _missing(self, shard: str) -> Iterator[tuple[int, ImageName, str]]:
        rows = select(Image).where(Image.key >= shard, Image.key < f"{shard}g").order_by(Image.id)
        there = {file.name for file in self._store.listing(shard)}
        with self._database.reading() as session:
            images = [(image.id, queries.name_of(image)) for image in session.scalars(rows)]
        for image_id, image in images:
            for file in image.names:
                # It may have been uploaded after the listing.
                if file not in there and not self._store.exists(file) and self._is_kept(image):
                    yield image_id, image, file

    def _is_kept(self, image: ImageName) -> bool:
        with self._database.reading() as session:
            return image.key in queries.with_keys(session, [image.key])

    def _strays(self, shard: str) -> Iterator[Any]:
        before = clock.now() - UNUSED_AFTER
        return cleaning.strays(self._database, self._store, shards=[shard], before=before)

    def _make_small(self, image: ImageName) -> None:
        file = self._store.read(str(image))
        if file is None or image.small is None:
            return
        content = file.content.read()
        file.content.close()
        # A full size that is damaged itself stays a difference.
        with suppress(Invalid):
            made = encode(content, max_pixels=MAX_EDGE**2)
            if len(made.contents) > 1:
                self._store.put(image.small, made.contents[1])


@dataclass(frozen=True, slots=True)
class ReferringTexts:
    """A kind of thing whose texts refer to images: its rows, the columns of its texts, and what locks it.

    With `is_swept`, references may outlive their texts until the worker sweeps, which is no difference.
    """

    place: str
    key: InstrumentedAttribute[int]
    texts: tuple[tuple[Any, Any], ...]
    locks: Locks
    is_swept: bool = False

    def wanted(self, session: Session, window: Window) -> set[tuple[int, str]]:
        """Return what the texts in a window of ids refer to, as ids with keys."""
        return {
            (row[0], key)
            for owner, text in self.texts
            # People and tags have smaller ids than a reference can name.
            for row in session.execute(
                select(owner, text).where(
                    window.holds(type_coerce(owner, BigInteger)), text.contains(IMAGES_PATH)
                )
            )
            for key in image_keys(row[1])
        }

    def noted(self, session: Session, window: Window) -> set[tuple[int, str]]:
        """Return what the table says of the same ids."""
        rows = select(ImageReference.place_id, ImageReference.key)
        rows = rows.where(ImageReference.place == self.place, window.holds(ImageReference.place_id))
        noted = {(row[0], row[1]) for row in session.execute(rows)}
        return noted & self.wanted(session, window) if self.is_swept else noted


def _lock_tags(tag_ids: Sequence[int]) -> Select[Any]:
    return select(Tag.id).where(Tag.id.in_(tag_ids)).order_by(Tag.id).with_for_update(key_share=True)


def _lock_people(user_ids: Sequence[int]) -> Select[Any]:
    return select(User.id).where(User.id.in_(user_ids)).order_by(User.id).with_for_update(key_share=True)


def _lock_usage(user_ids: Sequence[int]) -> Select[Any]:
    mine = select(ImageUsage.user_id).where(ImageUsage.user_id.in_(user_ids))
    return mine.order_by(ImageUsage.user_id).with_for_update()


# Whatever stores another text with images calls images.actions.refer and gets a line here.
TEXTS = (
    ReferringTexts(
        "post", Post.id, ((Post.id, Post.source), (Revision.post_id, Revision.source)), lock_threads
    ),
    ReferringTexts(
        "comment",
        Comment.id,
        ((Comment.id, Comment.source), (Revision.comment_id, Revision.source)),
        lock_threads_of_comments,
    ),
    ReferringTexts("tag", Tag.id, ((Tag.id, Tag.description_source),), _lock_tags),
    ReferringTexts("person", User.id, ((User.id, User.about_source),), _lock_people),
    ReferringTexts(
        "draft",
        User.id,
        ((Draft.user_id, Draft.source), (DiscardedDraft.user_id, DiscardedDraft.source)),
        _lock_people,
        is_swept=True,
    ),
)


class ImageReferences:
    """The references to images against all texts."""

    name = "references to images"

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield what a text refers to and the table does not know, and the other way round."""
        for texts in TEXTS:
            for window in self._windows(session, texts):
                wanted, noted = texts.wanted(session, window), texts.noted(session, window)
                kind = f"image_reference.{texts.place}"
                for place_id, key in sorted(wanted - noted):
                    yield Difference(kind, place_id, key, "nothing")
                for place_id, key in sorted(noted - wanted):
                    yield Difference(kind, place_id, "nothing", key)

    def repair(self, database: Database) -> None:
        """Note what is missing, take away what is too much, looked at again under the locks of the texts."""
        for texts in TEXTS:
            with database.reading() as session:
                wrong = {
                    place_id
                    for window in self._windows(session, texts)
                    for place_id, _key in texts.wanted(session, window) ^ texts.noted(session, window)
                }
            for place_ids in portions(wrong):
                with database.transaction() as session:
                    session.execute(texts.locks(place_ids)).all()
                    for place_id in place_ids:
                        self._mend(session, texts, Window(place_id - 1, place_id))

    def _windows(self, session: Session, texts: ReferringTexts) -> Iterator[Window]:
        after = 0
        for window in windows(session, texts.key):
            after = window.last
            yield window
        # What refers from a text that is nowhere.
        yield Window(after, _GREATEST_ID)

    def _mend(self, session: Session, texts: ReferringTexts, window: Window) -> None:
        wanted, noted = texts.wanted(session, window), texts.noted(session, window)
        for place_id, key in noted - wanted:
            row = (ImageReference.place_id == place_id, ImageReference.key == key)
            session.execute(delete(ImageReference).where(ImageReference.place == texts.place, *row))
        rows = [{"key": key, "place": texts.place, "place_id": place_id} for place_id, key in wanted - noted]
        if rows:
            session.execute(insert_into(session, ImageReference).on_conflict_do_nothing(), rows)


_taken = (
    select(func.coalesce(func.sum(Image.byte_count), 0))
    .join(ImageUpload, ImageUpload.image_id == Image.id)
    .where(ImageUpload.user_id == ImageUsage.user_id)
)
IMAGE_USAGE = DerivedColumns(
    name="room for images",
    columns=(derived_column(ImageUsage.user_id, ImageUsage.byte_count, _taken.scalar_subquery()),),
    locks=_lock_usage,
)
