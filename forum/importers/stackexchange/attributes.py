"""The attributes of one row, read field by field, noting each repair."""

from collections.abc import Mapping
from datetime import datetime

from forum.importers.stackexchange import fields
from forum.importers.stackexchange.fields import BadField


class BadRow(ValueError):
    """The row can't be imported; the message says why."""


class Attributes:
    """One row's attributes.

    A method named after a required field raises `BadRow` when the value can't be used; the others replace
    such a value by what the row can live with, and note that in `repairs`.
    """

    def __init__(self, values: Mapping[str, str], *, latest: datetime) -> None:
        self._values = values
        self._latest = latest
        self.repairs: list[str] = []

    def text(self, name: str) -> str:
        """Return the attribute as it is, empty when it is missing."""
        return self._values.get(name, "")

    def required_text(self, name: str, *, limit: int) -> str:
        """Return a text that is neither blank nor longer than `limit` characters."""
        text = self._values.get(name, "")
        if not text.strip():
            raise BadRow(f"{name} is missing")
        if len(text) > limit:
            raise BadRow(f"{name} is longer than {limit:,} characters")
        return text

    def line(self, name: str, *, limit: int) -> str:
        """Return a text of one line, cut at `limit` characters."""
        text = fields.one_line(self._values.get(name, ""))
        if len(text) > limit:
            self.repairs.append(f"{name} was cut at {limit} characters")
            text = text[:limit].rstrip()
        return text

    def required_id(self, name: str) -> int:
        """Return an id that the row can't do without."""
        try:
            return fields.parse_id(self._present(name))
        except BadField as problem:
            raise BadRow(f"{name}: {problem}") from None

    def required_user_id(self, name: str) -> int:
        """Return the id of a person that the row can't do without."""
        try:
            return fields.parse_user_id(self._present(name))
        except BadField as problem:
            raise BadRow(f"{name}: {problem}") from None

    def id(self, name: str) -> int | None:
        """Return an id, or None where there is none."""
        try:
            return fields.parse_id(self._values[name]) if name in self._values else None
        except BadField as problem:
            self._dropped(name, problem)
            return None

    def user_id(self, name: str) -> int | None:
        """Return the id of a person, or None where there is none."""
        try:
            return fields.parse_user_id(self._values[name]) if name in self._values else None
        except BadField as problem:
            self._dropped(name, problem)
            return None

    def required_moment(self, name: str) -> datetime:
        """Return a moment that the row can't do without."""
        try:
            return fields.parse_moment(self._present(name), latest=self._latest)
        except BadField as problem:
            raise BadRow(f"{name}: {problem}") from None

    def moment(self, name: str) -> datetime | None:
        """Return a moment, or None where there is none."""
        if name not in self._values:
            return None
        try:
            return fields.parse_moment(self._values[name], latest=self._latest)
        except BadField as problem:
            self._dropped(name, problem)
            return None

    def required_number(self, name: str) -> int:
        """Return a whole number from 0 to 1,000 that the row can't do without."""
        try:
            return fields.parse_number(self._present(name), lowest=0, highest=1000)
        except BadField as problem:
            raise BadRow(f"{name}: {problem}") from None

    def score(self, name: str) -> int | None:
        """Return a score, or None where the dump gives none that can be true."""
        limit = fields.LARGEST_SCORE
        try:
            return fields.parse_number(self._present(name), lowest=-limit, highest=limit)
        except BadRow:
            return None
        except BadField as problem:
            self._dropped(name, problem)
            return None

    def count(self, name: str, *, lowest: int = 0) -> int:
        """Return a count, or `lowest` where the dump gives none that can be true."""
        try:
            return fields.parse_number(self._present(name), lowest=lowest, highest=fields.LARGEST_COUNT)
        except BadRow:
            return lowest
        except BadField as problem:
            self._dropped(name, problem)
            return lowest

    def address(self, name: str) -> str:
        """Return a web address, or nothing."""
        if not self._values.get(name, "").strip():
            return ""
        try:
            return fields.parse_address(self._values[name])
        except BadField as problem:
            self._dropped(name, problem)
            return ""

    def _present(self, name: str) -> str:
        if name not in self._values:
            raise BadRow(f"{name} is missing")
        return self._values[name]

    def _dropped(self, name: str, problem: BadField) -> None:
        self.repairs.append(f"{name} was dropped: {problem}")
