import stat
import zipfile
from pathlib import Path

import py7zr
import pytest

from forum.importers.stackexchange.dump import locate_dump, open_dump, reading_archive
from forum.importers.stackexchange.refusal import RefusedDump
from tests.importers.dumps import SMALL_DUMP

FILES = sorted(SMALL_DUMP.glob("*.xml"))


def zipped(path: Path, *, folder: str = "", more: dict[str, bytes] | None = None) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in FILES:
            archive.write(file, folder + file.name)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def contents(path: Path, tmp_path: Path) -> dict[str, bytes]:
    found = {}
    with reading_archive(path):
        dump = open_dump(path, unpack_into=tmp_path / "unpacked")
        for file in dump.files:
            with dump.open(file) as source:
                found[file.name] = source.read()
    return found


def expected() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in FILES}


@pytest.mark.parametrize("folder", ["", "repair.example.net/"])
def test_it_reads_a_zip(tmp_path: Path, folder: str) -> None:
    path = zipped(tmp_path / "dump.zip", folder=folder, more={"readme.txt": b"hello"})

    assert contents(path, tmp_path) == expected()


def test_it_reads_a_seven_zip(tmp_path: Path) -> None:
    path = tmp_path / "dump.7z"
    with py7zr.SevenZipFile(path, "w") as archive:
        archive.writeall(SMALL_DUMP, "repair.example.net")

    assert contents(path, tmp_path) == expected()
    assert {file.name for file in (tmp_path / "unpacked").iterdir()} == set(expected())


def test_it_reads_a_folder_in_the_order_that_rows_depend_on_each_other(tmp_path: Path) -> None:
    assert list(contents(SMALL_DUMP, tmp_path))[:4] == [
        "Users.xml",
        "Tags.xml",
        "TagSynonyms.xml",
        "Posts.xml",
    ]


def test_a_folder_around_one_archive_means_the_archive(tmp_path: Path) -> None:
    path = zipped(tmp_path / "dump.zip")

    assert locate_dump(tmp_path) == path


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../evil.xml", "is not a path that a dump holds"),
        ("/etc/evil.xml", "is not a path that a dump holds"),
        ("..\\..\\evil.xml", "is not a path that a dump holds"),
        ("C:evil.xml", "is not a path that a dump holds"),
        ("inner.zip", "is an archive within the archive"),
        ("posts.XML", "twice"),
        ("other/Posts.xml", "twice"),
    ],
)
def test_it_refuses_a_zip_with_a_member_that_no_dump_has(tmp_path: Path, name: str, reason: str) -> None:
    path = zipped(tmp_path / "dump.zip", more={name: b"x"})

    with pytest.raises(RefusedDump, match=reason):
        contents(path, tmp_path)


def test_it_refuses_a_zip_with_a_symbolic_link(tmp_path: Path) -> None:
    path = zipped(tmp_path / "dump.zip")
    link = zipfile.ZipInfo("readme.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")

    with pytest.raises(RefusedDump, match="is a symbolic link"):
        contents(path, tmp_path)


def test_it_refuses_a_seven_zip_with_a_symbolic_link(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "Posts.xml").symlink_to("/etc/passwd")
    path = tmp_path / "dump.7z"
    with py7zr.SevenZipFile(path, "w", dereference=False) as archive:
        archive.writeall(folder, "dump")

    with pytest.raises(RefusedDump, match="is a symbolic link"):
        contents(path, tmp_path)
    assert not (tmp_path / "unpacked").exists()


def test_it_refuses_a_seven_zip_with_a_password(tmp_path: Path) -> None:
    path = tmp_path / "dump.7z"
    with py7zr.SevenZipFile(path, "w", password="secret") as archive:
        archive.writeall(SMALL_DUMP, "dump")

    with pytest.raises(RefusedDump):
        contents(path, tmp_path)


@pytest.mark.parametrize("kind", ["zip", "7z"])
def test_it_refuses_a_bomb(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"dump.{kind}"
    zeros = tmp_path / "Posts.xml"
    zeros.write_bytes(bytes(20_000_000))
    if kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(zeros, "Posts.xml")
    else:
        with py7zr.SevenZipFile(path, "w") as archive:
            archive.write(zeros, "Posts.xml")

    with pytest.raises(RefusedDump, match="200-fold"):
        contents(path, tmp_path)


@pytest.mark.parametrize("kind", ["zip", "7z"])
@pytest.mark.parametrize("damage", ["flipped", "cut"])
def test_it_refuses_a_damaged_archive(tmp_path: Path, kind: str, damage: str) -> None:
    path = tmp_path / f"dump.{kind}"
    if kind == "zip":
        zipped(path)
    else:
        with py7zr.SevenZipFile(path, "w") as archive:
            archive.writeall(SMALL_DUMP, "dump")
    content = bytearray(path.read_bytes())
    content[len(content) // 4] ^= 0xFF
    path.write_bytes(content if damage == "flipped" else content[: len(content) // 2])

    with pytest.raises(RefusedDump):
        contents(path, tmp_path)


def test_it_refuses_what_is_no_dump(tmp_path: Path) -> None:
    (tmp_path / "Users.xml").write_text("<users/>")
    (tmp_path / "notes.txt").write_text("hello")

    with pytest.raises(RefusedDump, match=r"holds no Posts\.xml"):
        contents(tmp_path, tmp_path)
    with pytest.raises(RefusedDump, match="neither a folder nor"):
        contents(tmp_path / "notes.txt", tmp_path)
    with pytest.raises(RefusedDump, match="does not exist"):
        locate_dump(tmp_path / "missing")
