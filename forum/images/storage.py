"""Where the files of images are: behind one protocol, a folder or (in `bucket`) an S3-compatible store.

A store knows names and bytes, no rows. Names begin with the key, whose first two digits are the shard: a
folder below the root, so that no folder and no listing grows without bound.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from forum.core.errors import AskwellError

SHARDS = tuple(f"{number:02x}" for number in range(256))
CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}


class StoreUnavailable(AskwellError):
    """The files of images can't be read or written at present; the message says why."""


class Readable(Protocol):
    """What an opened file can do, on a disk as well as at the other end of a connection."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, all that are left if no number is given."""

    def close(self) -> None:
        """Let go of the file or the connection."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file to be read, which whoever asked for it closes."""

    byte_count: int
    content: Readable


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in a listing."""

    name: str
    byte_count: int
    stored_at: datetime


class ImageStore(Protocol):
    """Keeps files by their names; every method raises StoreUnavailable when the store does not answer."""

    def put(self, name: str, content: bytes) -> None:
        """Write a file; it appears whole or not at all, and survives a power cut once this returns."""

    def read(self, name: str) -> OpenFile | None:
        """Return a file opened, or None when there is none of this name."""

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of this name."""

    def delete(self, name: str) -> None:
        """Delete a file if it is there."""

    def listing(self, shard: str) -> Iterator[StoredFile]:
        """Yield all files of a shard in any order, with those that a killed process left unfinished."""


def content_type(name: str) -> str:
    """Return the content type of a file by its name, which we gave it ourselves."""
    return CONTENT_TYPES[name.rpartition(".")[2]]


def shard_of(name: str) -> str:
    """Return the shard of a file; unfinished files have a dot before the name."""
    return name.lstrip(".")[:2]


class Folder:
    """Files in a folder of the data directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes) -> None:
        """Write a file beside its place and move it there."""
        path = self._path(name)
        draft = path.with_name(f".{name}.{secrets.token_hex(4)}")
        with _told_as_unavailable():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
            _sync_folder(path.parent)

    def read(self, name: str) -> OpenFile | None:
        """Return a file opened, or None when there is none of this name."""
        with _told_as_unavailable():
            try:
                file = self._path(name).open("rb")
            except FileNotFoundError:
                return None
            return OpenFile(os.fstat(file.fileno()).st_size, file)

    def exists(self, name: str) -> bool:
        """Tell whether there is a file of this name."""
        with _told_as_unavailable():
            return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """Delete a file if it is there."""
        with _told_as_unavailable():
            self._path(name).unlink(missing_ok=True)

    def listing(self, shard: str) -> Iterator[StoredFile]:
        """Yield all files of a shard."""
        with _told_as_unavailable(), contextlib.suppress(FileNotFoundError):
            for path in (self._root / shard).iterdir():
                with contextlib.suppress(FileNotFoundError):
                    status = path.stat()
                    stored_at = datetime.fromtimestamp(status.st_mtime, UTC)
                    yield StoredFile(path.name, status.st_size, stored_at)

    def _path(self, name: str) -> Path:
        return self._root / shard_of(name) / name


@contextlib.contextmanager
def _told_as_unavailable() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreUnavailable(f"The folder of images can't be used: {reason}.") from error


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
