"""What all tables have in common: how constraints are named, and how moments are kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase

# Constraints need names from the first migration on: SQLite's batch mode can only drop what has one.
_NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


Row = dict[str, Any]


def one_or_many(rows: list[Row]) -> Row | list[Row]:
    """Return a single row as itself: the driver of PostgreSQL spends more on a list of one."""
    return rows[0] if len(rows) == 1 else rows


def _read_text(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(f"{value}+00:00")


def _read_moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, with its time zone in Python whatever the database keeps."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse moments without a time zone, which would be read back as another moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """Give the moment its time zone back, in one step: a list has a hundred of them."""
        return _read_text if dialect.name == "sqlite" else _read_moment


class Base(DeclarativeBase):
    """Mother of all tables."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}
