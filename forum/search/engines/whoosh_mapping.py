"""The files inside a segment as views of the segment's mapped file.

Whoosh maps a segment into memory and then copies each file inside it as it is opened, postings included: the
index of 200,000 threads so takes gigabytes of each process. A view takes none, and the pages that are read
belong to all processes together.
"""

import io
import mmap
from typing import Any, BinaryIO, cast

from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.filestore import OverlayStorage
from whoosh.filedb.structfile import BufferFile


class _View(io.RawIOBase):
    """Reads a part of the memory like a file."""

    def __init__(self, content: memoryview) -> None:
        super().__init__()
        self._content = content
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._content)}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        part = self._content[self._at : self._at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


class MappedFile(BufferFile):
    """A file of Whoosh over a view; the constructor of its base would copy what the view shows."""

    def __init__(self, content: memoryview, name: str) -> None:
        self._buf = content
        self._name = name
        self.file = cast(BinaryIO, _View(content))
        self.onclose = None
        self.is_real = False
        self.is_closed = False

    def view(self, position: int, length: int) -> memoryview:
        """Return a part of the file without copying it; it stays readable when the file is closed."""
        return memoryview(self._buf)[position : position + length]


class MappedStorage(OverlayStorage):
    """The files of one segment: those inside of its mapped file as views, others as they are."""

    def open_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Return the file with this name, opened for reading."""
        inside, beside, source = self.a, self.b, self.a._source
        if not inside.file_exists(name):
            return beside.open_file(name, *args, **kwargs)
        if source is None:
            # Without memory for a mapping, Whoosh reads the file in pieces.
            return inside.open_file(name, *args, **kwargs)
        start, length = self.a.range(name)
        return MappedFile(memoryview(source)[start : start + length], name)


def mapped(storage: Any) -> Any:
    """Return the storage of a segment as one that copies nothing; any other storage as it is."""
    if isinstance(storage, OverlayStorage) and isinstance(storage.a, CompoundStorage):
        return MappedStorage(storage.a, storage.b)
    return storage


def view(file: Any, position: int, length: int) -> memoryview | bytes:
    """Return a part of a file of a segment, without copying it if the segment is mapped."""
    if isinstance(file, MappedFile):
        return file.view(position, length)
    content: bytes = file.get(position, length)
    return content


def let_go(storage: Any) -> None:
    """Give back the memory of what was read of a segment; the system keeps the pages while it has room.

    They are counted as the process's own until then, and each process would come to hold the whole index.
    """
    source = storage.a._source if isinstance(storage, OverlayStorage) else None
    if source is not None and hasattr(mmap, "MADV_DONTNEED"):
        source.madvise(mmap.MADV_DONTNEED)
