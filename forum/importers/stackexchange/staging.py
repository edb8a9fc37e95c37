"""The rows of a dump in a SQLite file of their own, where they can be checked against each other.

A dump names things before they come (an answer before its question, a vote before its post) and may be
larger than memory, so all files are read into one staging file first. Nothing of the forum is touched until
the last file was read and found sound. The file also keeps what became of every row, for the report, and so
a killed import continues where it stopped.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from operator import attrgetter
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Executable, Result, create_engine, delete, event, func, insert, select, text, update
from sqlalchemy import Row as Found
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import ConnectionPoolEntry

from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.attributes import Attributes, BadRow
from forum.importers.stackexchange.reading import READERS
from forum.importers.stackexchange.rows import Row
from forum.importers.stackexchange.stream import RawRow

VERSION = 1
"""Goes up whenever a staging file of an earlier version of this program can't be continued with."""
ROWS_PER_TRANSACTION = 20_000


def _insert_into(file: str) -> tuple[str, Callable[[Row], tuple[object, ...]]]:
    table, row_class = staged.OF_FILE[file]
    names = [field.name for field in dataclasses.fields(row_class)]
    statement = insert(table).prefix_with("OR IGNORE").values(dict.fromkeys(["line", *names], ""))
    # Compiled once, as thousands of rows a second go through it; the columns keep the order of the table.
    compiled = statement.compile(dialect=sqlite.dialect())
    fields = [name for name in compiled.positiontup or [] if name != "line"]
    return str(compiled), attrgetter(*fields)


_INSERTS = {file: _insert_into(file) for file in staged.OF_FILE}


class Staging:
    """One open staging file.

    Each staged row has a `state`: empty until the row is loaded, then 'imported', or 'present' when the forum
    had it already, or 'skipped'. A row that is skipped has a note with the reason.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._engine = create_engine(f"sqlite:///{folder / 'staging.db'}")
        event.listen(self._engine, "connect", _prepare)
        self._connection = self._engine.connect()
        # Of the driver: nine tenths of the time of inserting a row would be SQLAlchemy's.
        self._cursor = self._connection.connection.cursor()
        if self.select(text("PRAGMA user_version"))[0][0] != VERSION:
            self._create()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        self._engine.dispose()

    def has_read(self, file: str) -> bool:
        """Tell whether this file was read to its end."""
        return bool(self.select(select(staged.file_read.c.name).where(staged.file_read.c.name == file)))

    def read(self, file: str, rows: Iterable[RawRow], *, latest: datetime) -> None:
        """Stage all rows of a file, in place of what an earlier run that was killed in it has staged."""
        self.write(delete(staged.OF_FILE[file][0]), delete(staged.note).where(staged.note.c.file == file))
        rows = iter(rows)
        count = ROWS_PER_TRANSACTION
        total = 0
        while count == ROWS_PER_TRANSACTION:
            with self._connection.begin():
                count = self._stage_some(file, rows, latest=latest)
            total += count
        self.write(insert(staged.file_read).values(name=file, row_count=total))

    def prepare_lookups(self) -> None:
        """Prepare the staged rows for being looked up by what they belong to."""
        post = staged.post
        with self._connection.begin():
            of_thread = func.coalesce(post.c.parent_id, post.c.id)
            self._connection.execute(update(post).values(question_id=of_thread))
            for index in staged.LOOKUPS:
                index.create(self._connection, checkfirst=True)
            self._connection.execute(text("ANALYZE"))

    def select(self, statement: Executable) -> list[Found[Any]]:
        """Return all rows of a query."""
        with self._connection.begin():
            return list(self._connection.execute(statement))

    def stream(self, statement: Executable) -> Iterator[Found[Any]]:
        """Yield the rows of a query that may be too many for memory; nothing may be written meanwhile."""
        with self._connection.begin():
            result: Result[Any] = self._connection.execute(statement, execution_options={"yield_per": 1000})
            yield from result

    def write(self, *statements: Executable) -> None:
        """Change the file, by all statements or by none."""
        with self._connection.begin():
            for statement in statements:
                self._connection.execute(statement)

    def write_many(self, statement: Executable, rows: list[dict[str, Any]]) -> None:
        """Change the file by one statement with many sets of values."""
        if rows:
            with self._connection.begin():
                self._connection.execute(statement, rows)

    def setting(self, name: str) -> str | None:
        """Return what `keep` kept under a name."""
        found = self.select(select(staged.setting.c.value).where(staged.setting.c.name == name))
        return str(found[0][0]) if found else None

    def keep(self, name: str, value: str) -> None:
        """Keep a value for later runs over the same dump."""
        row = sqlite.insert(staged.setting).values(name=name, value=value)
        self.write(row.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

    def _stage_some(self, file: str, rows: Iterator[RawRow], *, latest: datetime) -> int:
        count = 0
        for raw in islice(rows, ROWS_PER_TRANSACTION):
            count += 1
            self._stage(file, raw, latest=latest)
        return count

    def _stage(self, file: str, raw: RawRow, *, latest: datetime) -> None:
        row_id = _id_of(raw.attributes)
        if raw.problem is not None:
            self._note(file, raw.line, row_id, staged.SKIPPED, raw.problem)
            return
        attributes = Attributes(raw.attributes, latest=latest)
        try:
            row = READERS[file](attributes)
        except BadRow as problem:
            self._note(file, raw.line, row_id, staged.SKIPPED, str(problem))
            return
        if not self._insert(file, row, line=raw.line):
            self._note(file, raw.line, row.id, staged.SKIPPED, f"Id {row.id} was taken by an earlier row")
            return
        for repair in attributes.repairs:
            self._note(file, raw.line, row.id, staged.REPAIRED, repair)

    def _insert(self, file: str, row: Row, *, line: int) -> bool:
        statement, values_of = _INSERTS[file]
        values = [_stored(value) for value in values_of(row)]
        values.insert(1, line)
        return bool(self._cursor.execute(statement, values).rowcount == 1)

    def _note(self, file: str, line: int, row_id: int | None, outcome: str, reason: str) -> None:
        noted = {"file": file, "line": line, "row_id": row_id, "outcome": outcome, "reason": reason}
        self._connection.execute(insert(staged.note), noted)

    def _create(self) -> None:
        with self._connection.begin():
            staged.METADATA.drop_all(self._connection)
            staged.METADATA.create_all(self._connection, tables=list(staged.METADATA.tables.values()))
            for index in staged.LOOKUPS:
                index.drop(self._connection)
            self._connection.execute(text(f"PRAGMA user_version={VERSION}"))


def _prepare(connection: SqliteConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _stored(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, tuple):
        return " ".join(value)
    return value


def _id_of(attributes: Mapping[str, str]) -> int | None:
    digits = attributes.get("Id", "").removeprefix("-")
    return int(attributes["Id"]) if digits.isascii() and digits.isdigit() and len(digits) < 19 else None
