"""From the file that somebody sent to what can be kept of it.

It takes seconds of processor time and writes files, so it happens before the request's transaction begins, in
which other writers would wait; `actions.keep` then needs a few statements.
"""

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.core.markup.image_names import ImageName
from forum.images import encoding, queries, rules
from forum.images.encoding import Encoded
from forum.images.storage import ImageStore


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the site's settings allow: bytes in all for a person, bytes and pixels for a file."""

    quota_bytes: int
    file_bytes: int
    pixels: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that is ready to be kept; `encoded` is None when the same person sent the same file before."""

    user_id: int
    digest: str
    name: ImageName
    encoded: Encoded | None


def prepare(
    session: Session, store: ImageStore, user_id: int, content: bytes, *, allowance: Allowance
) -> Upload:
    """Make an image anew and write its files; the session only reads.

    Raise Invalid for a file that can't be used or for which there is no room, Refused on a site without
    images, TooMany when too many are worked on, StoreUnavailable without a store.
    """
    rules.refuse_while_off(allowance.quota_bytes)
    rules.check_byte_count(len(content), most=allowance.file_bytes)
    digest = hashlib.sha256(content).hexdigest()
    earlier = queries.uploaded(session, user_id, digest)
    if earlier is not None and all(map(store.exists, earlier.names)):
        return Upload(user_id, digest, earlier, None)
    encoded = encoding.encode(content, max_pixels=allowance.pixels)
    if not queries.has_uploaded(session, user_id, encoded.name.key):
        # Not the last word, which keep has. It spares the store files that would only be swept again.
        used = queries.used_bytes(session, user_id)
        rules.refuse_beyond_quota(used=used, more=encoded.byte_count, quota=allowance.quota_bytes)
    write_files(store, encoded)
    return Upload(user_id, digest, encoded.name, encoded)


def write_files(store: ImageStore, encoded: Encoded) -> None:
    """Write all files of an image, whether or not they are there."""
    for name, content in zip(encoded.name.names, encoded.contents, strict=True):
        store.put(name, content)
