"""What became of every row of a dump."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from forum.importers.stackexchange.staged_tables import (
    IMPORTED,
    OF_FILE,
    PRESENT,
    REPAIRED,
    SKIPPED,
    file_read,
    note,
)
from forum.importers.stackexchange.staging import Staging


@dataclass(frozen=True, slots=True)
class FileCount:
    """The rows of one file: each one read was imported, present before, skipped, or is still waiting."""

    file: str
    read: int
    imported: int
    present: int
    skipped: int
    repaired: int

    @property
    def waiting(self) -> int:
        """Rows that a dry run would import, or that an import which was stopped has not come to."""
        return self.read - self.imported - self.present - self.skipped


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one import: the counts, and where each skipped or repaired row is listed."""

    origin: str
    host: str | None
    is_dry_run: bool
    files: tuple[FileCount, ...]
    reasons: tuple[tuple[str, int], ...]
    """The most frequent reasons for skipping a row, and how many rows had it."""
    path: Path


def count_rows(staging: Staging) -> tuple[FileCount, ...]:
    """Count what became of the rows of every file that was read."""
    read = {row.name: int(row.row_count) for row in staging.select(select(file_read))}
    return tuple(_count(staging, file, read[file]) for file in OF_FILE if file in read)


def frequent_reasons(staging: Staging, *, limit: int = 12) -> tuple[tuple[str, int], ...]:
    """Return why rows were skipped, the most frequent reason first; ids and quoted values are left out."""
    counts: Counter[str] = Counter()
    for row in staging.stream(select(note.c.file, note.c.reason).where(note.c.outcome == SKIPPED)):
        counts[f"{row.file}: {_general(row.reason)}"] += 1
    return tuple(counts.most_common(limit))


def write_report(staging: Staging, path: Path) -> None:
    """Write one JSON object per skipped or repaired row, in the order of files and lines."""
    columns = (note.c.file, note.c.line, note.c.row_id.label("id"), note.c.outcome, note.c.reason)
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8") as lines:
        for file in OF_FILE:
            rows = select(*columns).where(note.c.file == file).order_by(note.c.line, note.c.number)
            for row in staging.stream(rows):
                lines.write(json.dumps(dict(row._mapping), ensure_ascii=False) + "\n")
    draft.replace(path)


def _count(staging: Staging, file: str, read: int) -> FileCount:
    table = OF_FILE[file][0]
    by_state = select(table.c.state, func.count().label("rows")).group_by(table.c.state)
    states: dict[str, int] = {row.state: row.rows for row in staging.select(by_state)}
    repaired = select(func.count(note.c.row_id.distinct())).where(
        note.c.file == file, note.c.outcome == REPAIRED
    )
    return FileCount(
        file=file,
        read=read,
        imported=states.get(IMPORTED, 0),
        present=states.get(PRESENT, 0),
        # Rows that could not be staged at all were skipped, too.
        skipped=states.get(SKIPPED, 0) + read - sum(states.values()),
        repaired=int(staging.select(repaired)[0][0]),
    )


def _general(reason: str) -> str:
    return " ".join("…" if _is_particular(word) else word for word in reason.split())


def _is_particular(word: str) -> bool:
    return word[0] in "'\"" or any(char.isdigit() for char in word)
