"""Reading plain columns: the way of all statements that pages are made from."""

from collections.abc import Mapping
from typing import Any, TypeVarTuple

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

Columns = TypeVarTuple("Columns")


def fetch(
    session: Session, statement: TypedReturnsRows[*Columns], values: Mapping[str, Any] | None = None
) -> CursorResult[*Columns]:
    """Return what a statement that selects columns finds.

    `Session.execute` prepares each statement for entities of the ORM, which takes as long as all the rest of
    it; here it goes to the connection at once. What a writing session has not sent yet is sent before.
    """
    if session.autoflush:
        session.flush()
    return session.connection().execute(statement, values)
