"""Which SQL a piece of code sends to the database, and how SQLite would go about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from forum.core.db import Database


@dataclass
class Statements:
    """What was sent for reading, in its order; the beginnings of transactions don't count."""

    sent: list[tuple[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)


@contextmanager
def recorded(database: Database) -> Iterator[Statements]:
    """Record what is sent to the database by sessions that read."""
    statements = Statements()

    def record(_connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
        if not sql.startswith("BEGIN"):
            statements.sent.append((sql, values))

    event.listen(database.reader, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(database.reader, "before_cursor_execute", record)


def plans(database: Database, statements: Statements) -> list[str]:
    """Return how SQLite would run each of the statements."""
    with database.reader.connect() as connection:
        return [
            "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values))
            for sql, values in statements.sent
        ]
