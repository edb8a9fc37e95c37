"""Finding rows by how a text begins, with an index on both databases.

SQLite compares texts by their code points, and any index serves. PostgreSQL may compare them by the rules of
a language, so that it needs an index of its own for beginnings (`text_pattern_ops`).
"""

from sqlalchemy import ColumnElement, Index, SQLColumnExpression, and_
from sqlalchemy.orm import Session

_LAST = "\U0010ffff"
"""Behind every character that a text can have."""


def begins_with(session: Session, column: SQLColumnExpression[str], beginning: str) -> ColumnElement[bool]:
    """Return the condition that a text begins so, letter by letter, in the form that the database indexes."""
    if session.get_bind().dialect.name == "sqlite":
        return and_(column >= beginning, column < beginning + _LAST)
    return column.startswith(beginning, autoescape=True)


def index_of_beginnings(table: str, column: str) -> Index:
    """Return an index that finds beginnings on both databases."""
    return Index(f"ix_{table}_{column}_beginning", column, postgresql_ops={column: "text_pattern_ops"})
