"""From a path to staged and checked rows: all that happens before the forum is touched."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from sqlalchemy.exc import OperationalError

from forum.core import clock
from forum.core.errors import Misconfigured
from forum.importers.stackexchange.checks import check_rows
from forum.importers.stackexchange.dump import Dump, DumpFile, fingerprint, open_dump, reading_archive
from forum.importers.stackexchange.progress import Progress, Step
from forum.importers.stackexchange.refusal import RefusedDump
from forum.importers.stackexchange.staging import Staging
from forum.importers.stackexchange.stream import stream_rows


@contextmanager
def working_folder(path: Path, *, data_dir: Path) -> Iterator[Path]:
    """Give the folder for the staging file and the report of the dump at `path`, to one import at a time.

    Raise RefusedDump while another one has it, and Misconfigured when it can't be written.
    """
    folder = data_dir / "imports" / fingerprint(path)
    lock = folder.with_suffix(".lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = lock.open("w")
    except OSError as error:
        raise Misconfigured(f"ASKWELL_DATA_DIR: {folder} can't be written: {error.strerror}") from None
    with opened:
        try:
            # The system gives the lock back by itself when the process is killed.
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedDump(f"{path} is being imported already; wait until that has ended.") from None
        try:
            yield folder
        except OperationalError as error:
            raise Misconfigured(f"The import in {folder} can't go on: {error.orig}") from None


def stage_dump(path: Path, folder: Path, *, progress: Progress) -> Staging:
    """Read the dump into its staging file, or go on where an earlier call was killed, and check its rows.

    Raise RefusedDump, and keep nothing, when a file can't be trusted as a whole.
    """
    staging = Staging(folder)
    try:
        if staging.setting("checked") is None:
            _read_all(path, folder, staging, progress)
            staging.prepare_lookups()
            check_rows(staging)
            staging.keep("checked", "yes")
    except RefusedDump:
        staging.close()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    except BaseException:
        staging.close()
        raise
    return staging


def _read_all(path: Path, folder: Path, staging: Staging, progress: Progress) -> None:
    unpacked = folder / "unpacked"
    with reading_archive(path):
        dump = open_dump(path, unpack_into=unpacked)
        for file in dump.files:
            if not staging.has_read(file.name):
                _read(dump, file, staging, progress)
    # Rows are all in the staging file now, which is enough to continue from.
    shutil.rmtree(unpacked, ignore_errors=True)


def _read(dump: Dump, file: DumpFile, staging: Staging, progress: Progress) -> None:
    latest = clock.now() + timedelta(days=1)
    reading = progress.step(f"Reading {file.name}", total=file.size, unit="bytes")
    with dump.open(file) as source, reading as step:
        counted = _Counted(source, step)
        staging.read(file.name, stream_rows(counted, file=file.name), latest=latest)


class _Counted:
    """Tells the progress how much was read of a file."""

    def __init__(self, source: IO[bytes], step: Step) -> None:
        self._source = source
        self._step = step

    def readline(self, limit: int) -> bytes:
        chunk = self._source.readline(limit)
        self._step.advance(len(chunk))
        return chunk
