"""Keyset paging: a page is found by the sort key of the row before it, so page 5,000 costs what page 1 does.

A cursor is the sort key and id of a row, as text for the address line. It holds nothing secret and is
checked for its form only: a made-up one can reach no row that the list would not show anyway.
"""

import base64
import binascii
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar, TypeVarTuple

from sqlalchemy import Select, SQLColumnExpression, and_, or_

from forum.core.errors import Invalid
from forum.core.i18n import gettext

PAGE_SIZE = 30
Key = datetime | int | float | str
Row = TypeVar("Row")
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: next to the row with this sort key and id, looking forwards or backwards."""

    key: Key
    id: int
    backwards: bool = False

    def __str__(self) -> str:
        """Return the cursor as it stands in an address."""
        key: Any = {"t": self.key.isoformat()} if isinstance(self.key, datetime) else self.key
        text = json.dumps([key, self.id, int(self.backwards)], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def parse(cls, text: str | None, *, of: type[Key]) -> "Cursor | None":
        """Read a cursor whose key is of the type `of`; raise Invalid for one that no page has given out."""
        if not text:
            return None
        try:
            key, row_id, backwards = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls(key=_read_key(key, of=of), id=_read_integer(row_id), backwards=backwards == 1)
        except (ValueError, TypeError, KeyError, binascii.Error, RecursionError):
            raise Invalid(
                "page", gettext("This page address is not one of ours; start again from the first page.")
            ) from None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, with the cursors of the pages around them (None at the ends)."""

    rows: tuple[Row, ...]
    previous: Cursor | None
    next: Cursor | None


def place(
    statement: Select[*Columns],
    cursor: Cursor | None,
    *,
    key: SQLColumnExpression[Any],
    id: SQLColumnExpression[int],
    size: int = PAGE_SIZE,
    ascending: bool = False,
) -> Select[*Columns]:
    """Order a statement by `key` and `id`, descending or ascending, and cut the page of the cursor out.

    One row more than `size` is asked for: it tells whether there is a further page.
    """
    climbs = ascending != (cursor is not None and cursor.backwards)
    order = (key, id) if climbs else (key.desc(), id.desc())
    if cursor is not None:
        # The plain comparison first lets SQLite walk the index from the right place; the OR alone would not.
        if climbs:
            after = or_(key > cursor.key, and_(key == cursor.key, id > cursor.id))
            statement = statement.where(key >= cursor.key, after)
        else:
            after = or_(key < cursor.key, and_(key == cursor.key, id < cursor.id))
            statement = statement.where(key <= cursor.key, after)
    return statement.order_by(*order).limit(size + 1)


def paged(
    rows: Sequence[Row],
    cursor: Cursor | None,
    *,
    place_of: Callable[[Row], tuple[Key, int]],
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """Make a page of what a statement of `place` returned."""
    more = len(rows) > size
    shown = list(rows[:size])
    backwards = cursor is not None and cursor.backwards
    if backwards:
        shown.reverse()
    if not shown:
        return Page(rows=(), previous=None, next=None)
    has_previous = more if backwards else cursor is not None
    has_next = True if backwards else more
    first, last = place_of(shown[0]), place_of(shown[-1])
    return Page(
        rows=tuple(shown),
        previous=Cursor(key=first[0], id=first[1], backwards=True) if has_previous else None,
        next=Cursor(key=last[0], id=last[1]) if has_next else None,
    )


def page_numbers(current: int, *, count: int) -> tuple[int | None, ...]:
    """Return the numbers to link out of `count` pages: the ends and those around the current one.

    None stands where some are left out; a single page needs no numbers.
    """
    if count < 2:
        return ()
    wanted = sorted({1, count, *range(max(1, current - 2), min(count, current + 2) + 1)})
    numbers: list[int | None] = []
    for number in wanted:
        if numbers and number != (numbers[-1] or 0) + 1:
            numbers.append(None)
        numbers.append(number)
    return tuple(numbers)


def _read_key(raw: Any, *, of: type[Key]) -> Key:
    if of is datetime:
        moment = datetime.fromisoformat(raw["t"])
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return moment
    if of is int:
        return _read_integer(raw)
    if of is float and isinstance(raw, int | float) and math.isfinite(raw):
        return float(raw)
    if of is str and isinstance(raw, str):
        return raw
    raise TypeError("not a sort key")


def _read_integer(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) >= 2**63:
        raise TypeError("not a number that a database keeps")
    return raw
