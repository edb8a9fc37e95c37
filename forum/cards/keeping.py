"""Pictures on disk by their key: a state of a question is drawn once, and the oldest pictures go."""

import os
import tempfile
import threading
from pathlib import Path

from forum.cards.card import Card
from forum.core.errors import TooMany
from forum.core.i18n import gettext

MOST_KEPT = 500
"""Pictures that are kept; with about 15 KB each they take less than 10 MB."""
_WAITING_SECONDS = 2.0
"""How long a request waits for another picture of its process to be drawn."""

_drawing = threading.Lock()


def picture_of(card: Card, folder: Path) -> bytes:
    """Return the picture of a card as PNG, drawn now unless it is kept in the folder.

    A process draws one picture at a time, so asking for many at once slows nothing else down; raise TooMany
    for one that would wait too long. Raise OSError when the font can't be read.
    """
    path = folder / f"{card.key}.png"
    kept = _read(path)
    if kept is not None:
        return kept
    if not _drawing.acquire(timeout=_WAITING_SECONDS):
        raise TooMany(gettext("Too many preview pictures are being drawn; try again shortly."), retry_after=5)
    try:
        # Only a process that draws needs Pillow and the fonts.
        from forum.cards.drawing import draw

        # Somebody else may have wanted the same and have been first.
        return _read(path) or _keep(path, draw(card))
    finally:
        _drawing.release()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _keep(path: Path, picture: bytes) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(picture)
    # Other processes see the whole file or none.
    os.replace(draft.name, path)
    _drop_oldest(path.parent)
    return picture


def _drop_oldest(folder: Path) -> None:
    with os.scandir(folder) as entries:
        kept = sorted((entry.stat().st_mtime_ns, entry.path) for entry in entries)
    for _time, path in kept[:-MOST_KEPT]:
        Path(path).unlink(missing_ok=True)
