"""What the form of a question says about the threads that were shown to its writer."""

from typing import Any

from wtforms import Field
from wtforms.widgets import HiddenInput

from forum.core.errors import Invalid
from forum.tags.rules import parse_names

MOST_OFFERED = 20
"""Ids that are read; no list shows as many."""


class OfferedThreads(Field):
    """The ids of the threads that were shown last, best first."""

    data: tuple[int, ...]
    widget = HiddenInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what are ids, and no more than a list shows."""
        words = str(valuelist[0]).split(maxsplit=MOST_OFFERED)[:MOST_OFFERED] if valuelist else ()
        self.data = tuple(id for word in words if (id := row_id(word)) is not None)

    def process_data(self, value: Any) -> None:
        """Begin with nothing shown."""
        self.data = tuple(value or ())

    def _value(self) -> str:
        return " ".join(map(str, self.data))


def row_id(text: str) -> int | None:
    """Return the id that a text is, if it is one that a database could have given out."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def tags_so_far(text: str) -> tuple[str, ...]:
    """Return the tags that somebody has typed, or none while they can't be used."""
    try:
        return parse_names(text)
    except Invalid:
        return ()
