"""Walking a table in windows of ids."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

WINDOW_ROWS = 5_000
"""Rows in one window: few enough to keep in memory, enough to make the cost of a statement disappear."""
REPAIR_ROWS = 200
"""Rows that one repairing transaction locks, so that people wait for milliseconds only."""


@dataclass(frozen=True, slots=True)
class Window:
    """The ids above `after` up to and including `last`."""

    after: int
    last: int

    def holds(self, column: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """Return the condition that the column lies in the window."""
        return (column > self.after) & (column <= self.last)


def windows(session: Session, key: SQLColumnExpression[int], *, rows: int = WINDOW_ROWS) -> Iterator[Window]:
    """Yield windows of `rows` rows each that together cover a table by its primary key."""
    after = 0
    while True:
        ids = select(key).where(key > after).order_by(key).limit(rows).subquery()
        last = session.execute(select(func.max(ids.c[0]))).scalar_one()
        if last is None:
            return
        yield Window(after, last)
        after = last


def portions(ids: Collection[int], *, size: int = REPAIR_ROWS) -> Iterator[Sequence[int]]:
    """Yield the ids in ascending order, in portions that one transaction locks."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]
