"""Derived columns whose right value is an SQL expression over other rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.checks.differences import Difference
from forum.checks.windows import portions, windows
from forum.core.db import Database

Locks = Callable[[Sequence[int]], Select[Any]]
"""Returns the statement that locks what the actions lock before they change one of these rows."""


@dataclass(frozen=True, slots=True)
class DerivedColumn:
    """An equation between a column and an expression, for the rows that meet `where`."""

    kind: str
    key: InstrumentedAttribute[int]
    column: InstrumentedAttribute[Any]
    expected: ColumnElement[Any]
    where: ColumnElement[bool]

    @property
    def differs(self) -> ColumnElement[bool]:
        """The condition of the rows for which the equation does not hold."""
        return self.where & self.column.is_distinct_from(self.expected)


@dataclass(frozen=True, slots=True)
class DerivedColumns:
    """A family of derived columns of one table, which one lock protects."""

    name: str
    columns: tuple[DerivedColumn, ...]
    locks: Locks

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield the rows for which an equation does not hold."""
        key = self.columns[0].key
        for window in windows(session, key):
            for derived in self.columns:
                statement = select(key, derived.expected, derived.column)
                for row in session.execute(statement.where(window.holds(key), derived.differs)):
                    yield Difference(derived.kind, row[0], str(row[1]), str(row[2]))

    def repair(self, database: Database) -> None:
        """Set the columns to their expressions, recounted under the lock."""
        for derived in self.columns:
            with database.reading() as session:
                wrong = [
                    row_id
                    for window in windows(session, derived.key)
                    for row_id in session.scalars(
                        select(derived.key).where(window.holds(derived.key), derived.differs)
                    )
                ]
            for ids in portions(wrong):
                self._mend(database, derived, ids)

    def _mend(self, database: Database, derived: DerivedColumn, ids: Sequence[int]) -> None:
        with database.transaction() as session:
            session.execute(self.locks(ids)).all()
            mended = update(derived.column.class_).where(derived.key.in_(ids), derived.differs)
            values = mended.values({derived.column: derived.expected})
            session.execute(values, execution_options={"synchronize_session": False})


def derived_column(
    key: InstrumentedAttribute[int],
    column: InstrumentedAttribute[Any],
    expected: ColumnElement[Any],
    *,
    where: ColumnElement[bool] | None = None,
) -> DerivedColumn:
    """Return the equation `column = expected`, named after the table and the column."""
    kind = f"{column.class_.__tablename__}.{column.key}"
    return DerivedColumn(kind, key, column, expected, true() if where is None else where)
