"""Whether an administrator has closed the site for a while, as a file that needs no database."""

import os
from datetime import UTC, datetime
from pathlib import Path

from forum.core.errors import Invalid

FILE_NAME = "maintenance"
TEXT_LENGTH = 500
"""What visitors are told has at most so many characters: a few lines on a phone."""


class Maintenance:
    """The sign on the door of the site of one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._address = str(self._path)

    def begin(self, text: str) -> None:
        """Close the site with a text for its visitors, empty for none; raise Invalid for one too long."""
        text = " ".join(text.split())
        if len(text) > TEXT_LENGTH:
            raise Invalid("text", f"The text has at most {TEXT_LENGTH} characters; this has {len(text)}.")
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # By a rename, so that no request reads half a text.
        draft = self._path.with_suffix(f".{os.getpid()}")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self._path)

    def end(self) -> bool:
        """Open the site again; return whether it was closed."""
        was_closed = self._path.exists()
        self._path.unlink(missing_ok=True)
        return was_closed

    def text(self) -> str | None:
        """Return what visitors are to read while the site is closed, or None while it is open."""
        # Each request asks, and to open what is not there takes several times as long as to look for it.
        if not os.access(self._address, os.F_OK):
            return None
        try:
            return self._path.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        except OSError:
            # Somebody put up a sign that can't be read; what it says is that the site is closed.
            return ""

    def since(self) -> datetime | None:
        """Return when the site was closed, or None while it is open."""
        try:
            return datetime.fromtimestamp(self._path.stat().st_mtime, UTC)
        except FileNotFoundError:
            return None
