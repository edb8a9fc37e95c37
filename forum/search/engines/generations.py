"""The folder of a search index: numbered generations, and a file that names the live one.

A rebuild fills the next generation beside the live one; renaming one small file switches every process over
at its next search. A generation that was never switched to was left by a rebuild that was interrupted: the
next rebuild goes on with it or sweeps it away.
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

    def unfinished(self) -> Path | None:
        """Return the newest generation that was never switched to, or None."""
        live = self.live()
        later = [folder for folder in self._all() if live is None or int(folder.name) > int(live.name)]
        return max(later, key=lambda folder: int(folder.name), default=None)

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
        write_whole(self._pointer, generation.name)
        self._sweep()

    def _sweep(self) -> None:
        live = self.live()
        for folder in self._all():
            if folder != live:
                shutil.rmtree(folder, ignore_errors=True)

    def _all(self) -> list[Path]:
        paths = self._folder.iterdir() if self._folder.is_dir() else ()
        return [path for path in paths if path.name.isdigit() and path.is_dir()]


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a small file so that others, and those who come after a crash, see the old content or the new."""
    written = path.with_suffix(".new")
    with written.open("wb") as file:
        file.write(content.encode("ascii") if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    written.replace(path)
