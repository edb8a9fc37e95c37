"""Keeping images, noting which texts refer to them, and forgetting those that none does.

The row of an image, by its unique key, is the lock of its files: they are deleted by whoever has deleted
that row in a transaction that is still open. An upload of the same content waits there, finds no row, and
writes its files once more. So there is never a row without its files. Files without a row are what a killed
process leaves, and are swept after a day.

The order of locks is: an image, then the usage of people in the order of their ids.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.errors import Conflict
from forum.core.i18n import gettext
from forum.core.inserts import Insert, insert_into
from forum.core.markup.image_names import ImageName, image_keys, named
from forum.images import queries, rules
from forum.images.models import Image, ImageReference, ImageUpload, ImageUsage
from forum.images.storage import ImageStore
from forum.images.uploading import Upload, write_files


def keep(session: Session, store: ImageStore, upload: Upload, *, quota_bytes: int) -> ImageName:
    """Keep an image whose files are written, once however often the same person sends it; return its name.

    Raise Invalid when it is more than the person's quota leaves room for.
    """
    encoded = upload.encoded
    if encoded is None:
        _renew(session, upload)
        return upload.name
    name = upload.name
    row = _image_row(session, name, byte_count=encoded.byte_count)
    locked = row.on_conflict_do_update(index_elements=[Image.key], set_={"stored_at": clock.now()})
    image_id = session.execute(locked.returning(Image.id)).scalar_one()
    if not all(map(store.exists, name.names)):
        # They were forgotten between being written and this lock.
        write_files(store, encoded)
    mine = insert_into(session, ImageUpload).values(
        image_id=image_id, user_id=upload.user_id, digest=upload.digest
    )
    is_new = session.execute(mine.on_conflict_do_nothing().returning(ImageUpload.image_id)).one_or_none()
    if is_new:
        _use(session, upload.user_id, encoded.byte_count, quota_bytes=quota_bytes)
    return name


def refer(session: Session, place: str, place_id: int, source: str, *, keeps_earlier: bool) -> None:
    """Note which images the text of something refers to, in the transaction that stores the text.

    `place` is the kind of thing: "post", "comment", "tag", "person". With `keeps_earlier` what earlier
    versions of the text referred to is kept, because the versions are.
    """
    keys = sorted(image_keys(source))
    if not keeps_earlier:
        session.execute(
            delete(ImageReference).where(
                ImageReference.place == place,
                ImageReference.place_id == place_id,
                ImageReference.key.not_in(keys),
            )
        )
    if not keys:
        return
    # Nobody forgets an image while a text that needs it is being stored.
    held = select(Image.id).where(Image.key.in_(keys)).order_by(Image.key)
    session.execute(held.with_for_update(read=True, key_share=True)).all()
    rows = [{"key": key, "place": place, "place_id": place_id} for key in keys]
    session.execute(insert_into(session, ImageReference).on_conflict_do_nothing(), rows)


def forget_unused(session: Session, store: ImageStore, image_id: int, *, before: datetime) -> int:
    """Delete an image that no text refers to; return how many bytes that freed, 0 if it is wanted now."""
    mine = select(Image).where(Image.id == image_id, Image.stored_at < before)
    image = session.scalars(mine.with_for_update(skip_locked=True)).one_or_none()
    # A second statement, to see what was stored by whoever held the image until now.
    if image is None or queries.is_referred_to(session, image.key):
        return 0
    name, byte_count = queries.name_of(image), image.byte_count
    owners = select(ImageUpload.user_id).where(ImageUpload.image_id == image_id).order_by(ImageUpload.user_id)
    for user_id in session.scalars(owners).all():
        less = update(ImageUsage).where(ImageUsage.user_id == user_id)
        session.execute(less.values(byte_count=ImageUsage.byte_count - byte_count))
    session.execute(delete(ImageUpload).where(ImageUpload.image_id == image_id))
    session.execute(delete(Image).where(Image.id == image_id))
    for file in name.names:
        store.delete(file)
    return byte_count


def forget_stray(session: Session, store: ImageStore, file: str) -> bool:
    """Delete a file that belongs to no image, unless somebody uploads that image just now; tell whether."""
    name = named(file)
    if name is None:
        store.delete(file)
        return True
    # A row of its own, for as long as this transaction lasts, keeps uploads of the same content away.
    row = _image_row(session, name, byte_count=0)
    row_id = session.execute(row.on_conflict_do_nothing().returning(Image.id)).scalar_one_or_none()
    if row_id is None:
        owner = queries.with_keys(session, [name.key]).get(name.key)
        is_stray = owner is not None and file not in owner.names
        if is_stray:
            store.delete(file)
        return is_stray
    store.delete(file)
    session.execute(delete(Image).where(Image.id == row_id))
    return True


def _image_row(session: Session, name: ImageName, *, byte_count: int) -> Insert:
    return insert_into(session, Image).values(
        key=name.key,
        width=name.width,
        height=name.height,
        extension=name.extension,
        byte_count=byte_count,
        stored_at=clock.now(),
    )


def _renew(session: Session, upload: Upload) -> None:
    """Let the image count as uploaded today; raise Conflict if it was forgotten since one looked."""
    mine = select(ImageUpload.image_id).where(
        ImageUpload.user_id == upload.user_id, ImageUpload.digest == upload.digest
    )
    renewed = update(Image).where(Image.id.in_(mine), Image.key == upload.name.key)
    renewed = renewed.values(stored_at=clock.now())
    if session.execute(renewed.returning(Image.id)).one_or_none() is None:
        raise Conflict(gettext("This image was removed at the same moment. Upload it again."))


def _use(session: Session, user_id: int, byte_count: int, *, quota_bytes: int) -> None:
    """Count bytes of a person in one statement that looks at the quota, so that none of two slips through."""
    first = insert_into(session, ImageUsage).values(user_id=user_id, byte_count=0)
    session.execute(first.on_conflict_do_nothing())
    more = ImageUsage.byte_count + byte_count
    used = update(ImageUsage).where(ImageUsage.user_id == user_id, more <= quota_bytes)
    if session.execute(used.values(byte_count=more).returning(ImageUsage.user_id)).one_or_none() is None:
        rules.refuse_beyond_quota(
            used=queries.used_bytes(session, user_id), more=byte_count, quota=quota_bytes
        )
