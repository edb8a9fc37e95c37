"""Where an index keeps what was learned when it was made."""

import zipfile
from pathlib import Path

from forum.search.engines.generations import write_whole
from forum.search.meaning import Meaning


def has_learned(folder: Path) -> bool:
    """Return whether something was learned for the index in this folder, be it that there is nothing to."""
    return _file(folder).exists()


def learned(folder: Path) -> Meaning:
    """Return what was learned. Raises ValueError for a damaged file, OSError for one that can't be read."""
    if not has_learned(folder):
        return Meaning.none()
    try:
        return Meaning.from_bytes(_file(folder).read_bytes())
    except (KeyError, zipfile.BadZipFile) as error:
        raise ValueError(f"{_file(folder)} is damaged") from error


def keep_learned(folder: Path, meaning: Meaning) -> None:
    """Keep what was learned for the index in this folder."""
    write_whole(_file(folder), meaning.to_bytes())


def _file(folder: Path) -> Path:
    return folder / "meaning.npz"
