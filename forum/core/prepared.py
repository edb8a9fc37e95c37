"""Statements whose text is made once, and given to the driver as it is.

SQLAlchemy looks for the text of a statement each time, and makes an object of each row. Both together take
several times as long as SQLite does to answer, and a page is made from six statements.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect, Select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import CompoundSelect

Values: TypeAlias = Mapping[str, Any]
_Convert: TypeAlias = Callable[[Any], Any]

_MOST_FILLED_UP = 1024
"""Longer lists have a text for each length; hardly any page reads so many things by one statement."""


@dataclass(slots=True)
class _Text:
    """A statement as the driver of one database takes it."""

    sql: str
    order: Sequence[str] | None
    """The order in which the driver takes values; None where it takes them by name."""
    constants: Values
    """What the statement brings along, such as its limit."""
    elements: Mapping[str, Sequence[str]]
    """The names of the single values of each list."""
    to_driver: Mapping[str, _Convert]
    from_driver: Sequence[tuple[int, _Convert]] | None = None
    """By the place of the column; None until the driver has said of which types its columns are."""


class Prepared:
    """A statement that selects columns, with all that differs in parameters.

    Values are converted by the types of the columns, as SQLAlchemy does. A parameter with `expanding=True`
    takes a list. So that there are few texts, a list is filled up to the next power of two by its last value,
    and an empty one by NULL: it may stand behind IN, but not behind NOT IN.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]) -> None:
        self._statement = statement
        self._texts: dict[tuple[object, ...], _Text] = {}

    def rows(self, connection: Connection, values: Values) -> list[Sequence[Any]]:
        """Return all rows that are found, each with its columns in their order.

        Raise DBAPIError when the database refuses or does not answer.
        """
        given = dict(values)
        lists = [name for name, value in values.items() if isinstance(value, list)]
        for name in lists:
            given[name] = _filled_up(given[name])
        text = self._text(connection.dialect, given, lists)
        for name, convert in text.to_driver.items():
            value = given[name]
            given[name] = list(map(convert, value)) if name in lists else convert(value)
        for name in lists:
            given.update(zip(text.elements[name], given.pop(name), strict=True))
        given.update(text.constants)
        sent = given if text.order is None else tuple([given[name] for name in text.order])
        found, description = _answer(connection, text.sql, sent)
        if text.from_driver is None:
            text.from_driver = self._from_driver(connection.dialect, description)
        return [_converted(row, text.from_driver) for row in found] if text.from_driver else found

    def _text(self, dialect: Dialect, values: Values, lists: Sequence[str]) -> _Text:
        key = dialect.name, *[len(values[name]) for name in lists]
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = self._made(dialect, values)
        return text

    def _made(self, dialect: Dialect, values: Values) -> _Text:
        compiled: Any = self._statement.compile(dialect=dialect)
        state = compiled.construct_expanded_state(dict(values))
        to_driver = {
            name: convert
            for parameter, name in compiled.bind_names.items()
            if (convert := parameter.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }
        own = [name for name in compiled.bind_names.values() if name not in values]
        constants = {name: to_driver.pop(name, _as_it_is)(state.parameters[name]) for name in own}
        return _Text(
            sql=state.statement,
            order=state.positiontup,
            constants=constants,
            elements=state.parameter_expansion,
            to_driver=to_driver,
        )

    def _from_driver(self, dialect: Dialect, description: Any) -> list[tuple[int, _Convert]]:
        converts = [
            column.type.dialect_impl(dialect).result_processor(dialect, described[1])
            for column, described in zip(self._statement.exported_columns, description, strict=True)
        ]
        return [(place, convert) for place, convert in enumerate(converts) if convert is not None]


def _as_it_is(value: Any) -> Any:
    return value


def _filled_up(values: list[Any]) -> list[Any]:
    count = len(values)
    if count > _MOST_FILLED_UP:
        return values
    size = 1 << max(0, count - 1).bit_length()
    return values + (values[-1:] or [None]) * (size - count)


def _answer(connection: Connection, sql: str, values: Any) -> tuple[list[Sequence[Any]], Any]:
    """Return the rows, and what the driver says of their columns."""
    dialect = connection.dialect
    cursor = connection.connection.cursor()
    try:
        for note in connection.dispatch.before_cursor_execute:
            note(connection, cursor, sql, values, None, False)
        cursor.execute(sql, values)
        return list(cursor.fetchall()), cursor.description
    except dialect.loaded_dbapi.Error as error:
        is_gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, cursor)
        if is_gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            sql, values, error, dialect.loaded_dbapi.Error, connection_invalidated=is_gone, dialect=dialect
        ) from error
    finally:
        cursor.close()


def _converted(row: Sequence[Any], converts: Sequence[tuple[int, _Convert]]) -> list[Any]:
    values = list(row)
    for place, convert in converts:
        values[place] = convert(values[place])
    return values
