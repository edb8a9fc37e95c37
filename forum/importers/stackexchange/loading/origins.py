"""Remembering which row of ours came from which row of another site."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from forum.core.db import Database
from forum.importers.models import ImportedRow
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.loading.adding import add
from forum.importers.stackexchange.staging import Staging

KINDS: dict[str, Table] = {
    "user": staged.user,
    "tag": staged.tag,
    "synonym": staged.synonym,
    "post": staged.post,
    "comment": staged.comment,
    "vote": staged.vote,
    "link": staged.link,
    "revision": staged.history,
    "badge": staged.badge,
}
"""The name that rows of each table have in `imported_row`."""
FINISHED = "finished"
"""Under this name the staging file keeps whether the last import from it came to its end."""
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Loaded:
    """A row of the dump and the row of ours that it became, or None where it became part of another one."""

    kind: str
    source_id: int
    local_id: int | None


def find_present(database: Database, staging: Staging, origin: str) -> None:
    """Mark the staged rows that are in the forum already, and unmark those that are not.

    Rows that an earlier run over the same staging file loaded before it was killed stay 'imported'.
    """
    is_finished = staging.setting(FINISHED) == "yes"
    loaded_by_us = staged.PRESENT if is_finished else staged.IMPORTED
    for kind, table in KINDS.items():
        staging.write(delete(staged.known))
        with database.reading() as session:
            for batch in _known(session, origin, kind):
                staging.write_many(insert(staged.known), batch)
        known = select(staged.known.c.local_id).where(staged.known.c.source_id == table.c.id)
        is_known = known.exists()
        # Texts that were loaded may point to the numbers that posts have reserved, so posts keep theirs.
        undone = {"state": ""} if kind == "post" else {"state": "", "local_id": None}
        was_loaded = table.c.state.in_([staged.IMPORTED, staged.PRESENT])
        staging.write(
            update(table).where(and_(was_loaded, ~is_known)).values(undone),
            update(table).where(table.c.state == staged.IMPORTED).values(state=loaded_by_us),
            update(table)
            .where(and_(table.c.state == "", is_known))
            .values(state=staged.PRESENT, local_id=known.scalar_subquery()),
        )


def remember(session: Session, staging: Staging, origin: str, loaded: Iterable[Loaded]) -> None:
    """Keep where rows came from; call it last in the transaction that loads them."""
    loaded = list(loaded)
    rows = [
        {"origin": origin, "kind": row.kind, "source_id": row.source_id, "local_id": row.local_id}
        for row in loaded
    ]
    add(session, ImportedRow, rows)
    for kind, table in KINDS.items():
        done = [{"of": row.source_id, "to": row.local_id} for row in loaded if row.kind == kind]
        statement = update(table).where(table.c.id == bindparam("of"))
        staging.write_many(statement.values(state=staged.IMPORTED, local_id=bindparam("to")), done)


def leave_out(staging: Staging, kind: str, ids: Iterable[int], reason: str) -> None:
    """Skip staged rows for a reason that shows only now."""
    table = KINDS[kind]
    file = next(name for name, (known, _) in staged.OF_FILE.items() if known is table)
    for id_ in ids:
        row = select(table.c.line).where(table.c.id == id_)
        noted = {"file": file, "row_id": id_, "outcome": staged.SKIPPED, "reason": reason}
        staging.write(
            insert(staged.note).values(line=row.scalar_subquery(), **noted),
            update(table).where(table.c.id == id_).values(state=staged.SKIPPED),
        )


def _known(session: Session, origin: str, kind: str) -> Iterator[list[dict[str, int | None]]]:
    rows = select(ImportedRow.source_id, ImportedRow.local_id).where(
        ImportedRow.origin == origin, ImportedRow.kind == kind
    )
    result = session.execute(rows, execution_options={"yield_per": _BATCH})
    for batch in result.partitions():
        yield [{"source_id": row.source_id, "local_id": row.local_id} for row in batch]
