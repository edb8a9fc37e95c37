"""Reading plain columns: the way of all statements that pages are made from."""

from collections.abc import Mapping
from typing import Any, TypeVarTuple

from sqlalchemy import Connection, CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

Columns = TypeVarTuple("Columns")

_CONNECTION = "askwell-connection"
"""Where a session keeps the connection of its transaction, for which it would look again each time."""


def fetch(
    session: Session, statement: TypedReturnsRows[*Columns], values: Mapping[str, Any] | None = None
) -> CursorResult[*Columns]:
    """Return what a statement that selects columns finds.

    `Session.execute` prepares each statement for entities of the ORM, which takes as long as all the rest of
    it; here it goes to the connection at once. What a writing session has not sent yet is sent before.
    """
    if session.autoflush:
        session.flush()
    connection: Connection | None = session.info.get(_CONNECTION)
    if connection is None or connection.closed:
        connection = session.info[_CONNECTION] = session.connection()
    return connection.execute(statement, values)
