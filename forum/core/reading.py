"""Reading plain columns: the way of all statements that pages are made from."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, TypeVarTuple

from sqlalchemy import Connection, CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

from forum.core.prepared import Prepared

Columns = TypeVarTuple("Columns")
Found: TypeAlias = Sequence[Any]
"""What a prepared statement finds: the columns of a row, in their order."""

_CONNECTION = "askwell-connection"
"""Where a session keeps the connection of its transaction, for which it would look again each time."""


def fetch(
    session: Session, statement: TypedReturnsRows[*Columns], values: Mapping[str, Any] | None = None
) -> CursorResult[*Columns]:
    """Return what a statement that selects columns finds.

    `Session.execute` prepares each statement for entities of the ORM, which takes as long as all the rest of
    it; here it goes to the connection at once. What a writing session has not sent yet is sent before.
    """
    return _connection(session).execute(statement, values)


def rows(session: Session, statement: Prepared, **values: Any) -> list[Found]:
    """Return all rows that a statement finds which is the same for each page."""
    return statement.rows(_connection(session), values)


def row(session: Session, statement: Prepared, **values: Any) -> Found | None:
    """Return the first row that a statement finds which is the same for each page."""
    found = statement.rows(_connection(session), values)
    return found[0] if found else None


def _connection(session: Session) -> Connection:
    if session.autoflush:
        session.flush()
    return connection_of(session)


def connection_of(session: Session) -> Connection:
    """Return the connection of the session's transaction, which is begun if there is none."""
    if session.in_nested_transaction():
        # The session makes the savepoint when it is asked for the connection.
        return session.connection()
    connection: Connection | None = session.info.get(_CONNECTION)
    if connection is None or connection.closed:
        connection = session.info[_CONNECTION] = session.connection()
    return connection
