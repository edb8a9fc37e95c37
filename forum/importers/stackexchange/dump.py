"""Finding the files of a dump in a folder or an archive.

An archive comes from outside, so its members are never written to the paths that it names: a .zip is read in
place, and a .7z, which can't be, is unpacked to names of ours. An archive with any member that a Stack
Exchange dump never has (a path that climbs out, a link, an archive within) is refused as a whole.
"""

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import IO, Protocol

from py7zr.exceptions import ArchiveError

from forum.importers.stackexchange.archives import Member, chosen_members, unpack_seven_zip, zip_members
from forum.importers.stackexchange.reading import READERS
from forum.importers.stackexchange.refusal import RefusedDump

_EDGE = 65_536
# The library of zip archives says NotImplementedError of a compression that it can't read.
_DAMAGE = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, ArchiveError, NotImplementedError)


@dataclass(frozen=True, slots=True)
class DumpFile:
    """One XML file of a dump, under the name that it has in every dump, and its size in bytes."""

    name: str
    size: int


class Dump(Protocol):
    """A data dump whose files can be read."""

    @property
    def files(self) -> tuple[DumpFile, ...]:
        """The files that are present, in the order in which they are to be read."""

    def open(self, file: DumpFile) -> IO[bytes]:
        """Open one of the files."""


def locate_dump(path: Path) -> Path:
    """Return the folder or archive that is meant by `path`: a folder around a single archive means that one.

    Raise RefusedDump when there is nothing.
    """
    if not path.exists():
        raise RefusedDump(f"{path} does not exist. Name a folder, a .zip or a .7z with a Posts.xml.")
    if not path.is_dir():
        return path
    with reading_archive(path):
        entries = list(path.iterdir())
    archives = [entry for entry in entries if entry.suffix.lower() in {".zip", ".7z"}]
    has_rows = any(entry.suffix.lower() == ".xml" for entry in entries)
    return archives[0] if len(archives) == 1 and not has_rows else path


def open_dump(path: Path, *, unpack_into: Path) -> Dump:
    """Open the folder or archive at `path`; raise RefusedDump when it is no dump that can be trusted.

    A .7z is unpacked into `unpack_into`, unless an earlier call has done so.
    """
    with reading_archive(path):
        if path.is_dir():
            return _Folder(path)
        if zipfile.is_zipfile(path):
            return _Zip(path)
        if path.suffix.lower() == ".7z":
            unpack_seven_zip(path, into=unpack_into, wanted=tuple(READERS))
            return _Folder(unpack_into)
    raise RefusedDump(f"{path} is neither a folder nor a .zip nor a .7z archive.")


@contextmanager
def reading_archive(path: Path) -> Iterator[None]:
    """Turn what a damaged or unreadable file raises while it is read into RefusedDump."""
    try:
        yield
    except OSError as error:
        raise RefusedDump(f"{error.filename or path} can't be read: {error.strerror or error}") from None
    except _DAMAGE as error:
        raise RefusedDump(f"{path.name} is damaged: {error}") from None
    except RuntimeError as error:
        # This is how zipfile says that a member has a password.
        raise RefusedDump(f"{path.name} can't be read: {error}") from None


def fingerprint(path: Path) -> str:
    """Return a name for the state of the dump at `path`, which changes whenever one of its files does."""
    digest = hashlib.sha256()
    with reading_archive(path):
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if not file.is_file():
                continue
            status = file.stat()
            digest.update(f"{file.name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
            with file.open("rb") as content:
                digest.update(content.read(_EDGE))
                content.seek(max(0, status.st_size - _EDGE))
                digest.update(content.read(_EDGE))
    return digest.hexdigest()[:16]


class _Folder:
    """The XML files of a folder."""

    def __init__(self, path: Path) -> None:
        found = [Member(entry.name, entry.stat().st_size) for entry in path.iterdir() if entry.is_file()]
        self._path = path
        self._names = chosen_members(found, wanted=tuple(READERS), where=str(path))
        self.files = tuple(DumpFile(name, member.size) for name, member in self._names.items())

    def open(self, file: DumpFile) -> IO[bytes]:
        return (self._path / self._names[file.name].name).open("rb")


class _Zip:
    """The XML files of a .zip, read in place."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        members = zip_members(self._archive, where=path.name)
        self._names = chosen_members(members, wanted=tuple(READERS), where=path.name)
        self.files = tuple(DumpFile(name, member.size) for name, member in self._names.items())

    def open(self, file: DumpFile) -> IO[bytes]:
        return self._archive.open(self._names[file.name].name)
