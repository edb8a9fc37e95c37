"""What an archive must look like before anything in it is read."""

import shutil
import stat
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import py7zr
from py7zr.io import Py7zIO, WriterFactory

from forum.importers.stackexchange.refusal import RefusedDump

LARGEST_RATIO = 200
"""Times that a file may be larger than its compressed form; dumps reach about 20 in .zip and 60 in .7z."""
_RATIO_MATTERS_FROM = 1_000_000
_ARCHIVES = {".zip", ".7z", ".gz", ".bz2", ".xz", ".zst", ".tar", ".tgz", ".rar"}


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a folder or an archive: its name there and its size in bytes once unpacked."""

    name: str
    size: int


def zip_members(archive: zipfile.ZipFile, *, where: str) -> list[Member]:
    """Return the files of a .zip; raise RefusedDump when one of its members has no place in a dump."""
    entries = archive.infolist()
    for entry in entries:
        _check_name(entry.orig_filename, where=where)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise RefusedDump(f"{where}: {entry.filename!r} is a symbolic link.")
        if entry.flag_bits & 1:
            raise RefusedDump(f"{where}: {entry.filename!r} is protected by a password.")
        _check_ratio(entry.filename, entry.file_size, entry.compress_size, where=where)
    _check_unique((entry.filename for entry in entries), where=where)
    return [Member(entry.filename, entry.file_size) for entry in entries if not entry.is_dir()]


def chosen_members(members: Iterable[Member], *, wanted: Sequence[str], where: str) -> dict[str, Member]:
    """Return the members that are files of a dump, by their `wanted` name and in that order.

    They may all lie in one folder of the archive. Raise RefusedDump without a Posts.xml.
    """
    by_name: dict[str, Member] = {}
    for member in members:
        name = PurePosixPath(member.name).name.lower()
        if name in by_name and name in {known.lower() for known in wanted}:
            raise RefusedDump(f"{where} holds {PurePosixPath(member.name).name} twice.")
        by_name[name] = member
    chosen = {name: by_name[name.lower()] for name in wanted if name.lower() in by_name}
    if "Posts.xml" not in chosen:
        raise RefusedDump(f"{where} holds no Posts.xml, so it is no data dump of Stack Exchange.")
    return chosen


def unpack_seven_zip(path: Path, *, into: Path, wanted: Sequence[str]) -> None:
    """Write the `wanted` files of a .7z to the folder `into` under exactly these names, once.

    Raise RefusedDump when a member has no place in a dump or grows beyond what its archive can hold.
    """
    if into.is_dir():
        return
    draft = into.with_name(into.name + ".part")
    shutil.rmtree(draft, ignore_errors=True)
    with py7zr.SevenZipFile(path) as archive:
        members = _seven_zip_members(archive, where=path.name)
        chosen = chosen_members(members, wanted=wanted, where=path.name)
        limit = max(LARGEST_RATIO * path.stat().st_size, _RATIO_MATTERS_FROM)
        if sum(member.size for member in chosen.values()) > limit:
            raise RefusedDump(f"{path.name} grows more than {LARGEST_RATIO}-fold when unpacked.")
        draft.mkdir(parents=True)
        names = {member.name: draft / name for name, member in chosen.items()}
        with _Writers(names, limit=limit) as writers:
            archive.extract(targets=list(names), factory=writers)
    draft.rename(into)


def _seven_zip_members(archive: py7zr.SevenZipFile, *, where: str) -> list[Member]:
    if archive.password_protected:
        raise RefusedDump(f"{where} is protected by a password.")
    entries = archive.list()
    for entry in entries:
        _check_name(entry.filename, where=where)
        if entry.is_symlink:
            raise RefusedDump(f"{where}: {entry.filename!r} is a symbolic link.")
    _check_unique((entry.filename for entry in entries), where=where)
    return [Member(entry.filename, entry.uncompressed) for entry in entries if entry.is_file]


def _check_name(name: str, *, where: str) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or any(char in name for char in "\\:\0"):
        raise RefusedDump(f"{where}: {name[:80]!r} is not a path that a dump holds.")
    if path.suffix.lower() in _ARCHIVES:
        raise RefusedDump(f"{where}: {name[:80]!r} is an archive within the archive; unpack it first.")


def _check_ratio(name: str, size: int, packed: int, *, where: str) -> None:
    if size > _RATIO_MATTERS_FROM and size > LARGEST_RATIO * packed:
        raise RefusedDump(f"{where}: {name!r} grows more than {LARGEST_RATIO}-fold when unpacked.")


def _check_unique(names: Iterable[str], *, where: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name.lower() in seen:
            raise RefusedDump(f"{where} holds {name!r} twice.")
        seen.add(name.lower())


class _Writers(WriterFactory):
    """Gives py7zr the files to write to: names of ours, whatever the archive says."""

    def __init__(self, names: dict[str, Path], *, limit: int) -> None:
        self._names = names
        self._limit = limit
        self._open: list[_LimitedFile] = []

    def __enter__(self) -> "_Writers":
        return self

    def __exit__(self, *_exception: object) -> None:
        for file in self._open:
            file.close()

    def create(self, filename: str) -> Py7zIO:
        file = _LimitedFile(self._names[filename], limit=self._limit)
        self._open.append(file)
        return file


class _LimitedFile(Py7zIO):
    """A file that refuses to grow beyond `limit` bytes."""

    def __init__(self, path: Path, *, limit: int) -> None:
        self._file = path.open("wb+")
        self._limit = limit
        self._path = path

    def write(self, s: bytes | bytearray) -> int:
        if self._file.tell() + len(s) > self._limit:
            raise RefusedDump(f"{self._path.name} grows more than {LARGEST_RATIO}-fold when unpacked.")
        return self._file.write(s)

    def read(self, size: int | None = None) -> bytes:
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def flush(self) -> None:
        self._file.flush()

    def size(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()
