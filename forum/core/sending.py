"""Sending statements whose results nobody needs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, Executable
from sqlalchemy.orm import Session

from forum.core.reading import connection_of

if TYPE_CHECKING:
    # Sites on SQLite don't load the driver.
    from forum.core.postgres_connection import SendingConnection

Values = Mapping[str, Any] | Sequence[Mapping[str, Any]]


def send(session: Session, statement: Executable, values: Values) -> None:
    """Execute a lock or a write behind what was sent before; PostgreSQL's answer is not waited for.

    What fails is raised by a later statement or by the commit, and nothing is done after it. How many rows
    there were is not told, and an insert must be `inline()`, as nobody would read the key of its row.
    """
    connection = connection_of(session)
    # A savepoint takes back what has failed before its end, so what is done within is waited for.
    if connection.dialect.name == "sqlite" or session.in_nested_transaction():
        connection.execute(statement, values)
        return
    with sending_connection(connection).unawaited():
        connection.execute(statement, values)


def sending_connection(connection: Connection) -> "SendingConnection":
    """Return the driver's connection to PostgreSQL."""
    return cast("SendingConnection", connection.connection.dbapi_connection)
