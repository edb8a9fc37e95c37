"""Whether a generation of the index can be used: what made it, and whether somebody found it damaged."""

import errno
import json
import logging
import pickle
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import whoosh
from whoosh.index import IndexError as WhooshIndexError
from whoosh.reading import ReaderClosed, TermNotFound

from forum.core.i18n import marked
from forum.search.analysis import Analyses
from forum.search.engine import SearchUnavailable
from forum.search.engines.whoosh_schema import READABLE, VERSION

log = logging.getLogger(__name__)

# What Whoosh and the modules below it raise when they read files that are cut off, overwritten or missing.
_UNREADABLE = (
    OSError, EOFError, ValueError, LookupError, AssertionError, OverflowError, struct.error,
    zlib.error, pickle.UnpicklingError, WhooshIndexError, TermNotFound, ReaderClosed,
)  # fmt: skip

# The machine has run out of something; that says nothing about the index.
_SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC, errno.EDQUOT, errno.EROFS})

MISSING = marked(
    "There is no search index yet. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)
BROKEN = marked(
    "The search index can't be read. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)
OUTDATED = marked(
    "The search index was made by another version of the program. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)
AGED = marked(
    "The search index was made by an older version of the program; it answers meanwhile. "
    "Run `askwell reindex` to build it from the database, or wait for the worker to do so."
)


def label(folder: Path, analyses: Analyses) -> None:
    """Note in the folder what the index in it is made with."""
    _label(folder).write_text(json.dumps(_made_by(analyses)), "utf-8")


def fault(folder: Path, analyses: Analyses) -> str | None:
    """Return why the index in this folder can't be used, or None."""
    made_by = _read_label(folder)
    if made_by is None:
        return BROKEN
    current = _made_by(analyses)
    if made_by != current and not (
        made_by.get("schema") in READABLE and made_by | {"schema": VERSION} == current
    ):
        return OUTDATED
    return BROKEN if _damage(folder).exists() else None


def age(folder: Path, analyses: Analyses) -> str | None:
    """Return why the index in this folder must be built anew although it can be used, or None."""
    return AGED if _read_label(folder) != _made_by(analyses) else None


def version(folder: Path) -> str:
    """Return the version of the schema of the index in this folder, or nothing if no label tells it."""
    return str((_read_label(folder) or {}).get("schema", ""))


@contextmanager
def guarded(folder: Path) -> Iterator[None]:
    """Turn what damaged files raise in the block into SearchUnavailable, and leave the worker a note."""
    try:
        yield
    except _UNREADABLE as error:
        log.exception("The search index in %s can't be used", folder)
        if getattr(error, "errno", None) in _SHORTAGES:
            raise SearchUnavailable(f"The search index can't be used at the moment: {error}.") from error
        with suppress(OSError):
            _damage(folder).touch()
        raise SearchUnavailable(BROKEN) from error


def _made_by(analyses: Analyses) -> dict[str, object]:
    return {"schema": VERSION, "language": analyses.language, "whoosh": list(whoosh.__version__)}


def _read_label(folder: Path) -> dict[str, object] | None:
    try:
        made_by = json.loads(_label(folder).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return made_by if isinstance(made_by, dict) else None


def _label(folder: Path) -> Path:
    return folder / "label.json"


def _damage(folder: Path) -> Path:
    return folder / "damaged"
