"""The folder of a search index: numbered generations, and a file that names the live one.

A rebuild fills the next generation beside the live one; renaming one small file switches every process over
at its next search. A generation that was never switched to was left by a killed rebuild and is swept away.
"""

import os
import shutil
from pathlib import Path


class Generations:
    """The generations in a folder; their contents are no concern of this class."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "current"
        self.writer_lock = folder / "writer.lock"
        self.rebuild_lock = folder / "rebuild.lock"

    def live(self) -> Path | None:
        """Return the folder of the live generation, or None when there is none yet."""
        try:
            name = self._pointer.read_text("ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        return self._folder / name if name.isdigit() else None

    def next(self) -> Path:
        """Return a new, empty folder for the next generation; call it under the rebuild lock only."""
        self._sweep()
        live = self.live()
        folder = self._folder / f"{int(live.name) + 1 if live else 1:06}"
        folder.mkdir(parents=True)
        return folder

    def switch_to(self, generation: Path) -> None:
        """Make this generation the live one and remove the others.

        Processes that still read an older one go on reading: they hold its files open.
        """
        written = self._pointer.with_suffix(".new")
        with written.open("w", encoding="ascii") as file:
            file.write(generation.name)
            file.flush()
            os.fsync(file.fileno())
        written.replace(self._pointer)
        self._sweep()

    def _sweep(self) -> None:
        live = self.live()
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path.is_dir() and path.name.isdigit() and path != live:
                shutil.rmtree(path, ignore_errors=True)
