"""Inserts that say what happens when the row is there already, which SQL leaves to each database."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.core.tables import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, table: type[Base]) -> Insert:
    """Return an insert that can say what happens on a conflict, in the words of the session's database."""
    kind = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return kind(table)
