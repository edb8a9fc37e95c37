"""What a check finds and how families of checks look to those who run them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from forum.core.db import Database


@dataclass(frozen=True, slots=True)
class Difference:
    """Something derived is not what it should be; `kind` names the column or rule, `id` the row."""

    kind: str
    id: int
    expected: str
    found: str

    def __str__(self) -> str:
        """Return the difference as one line for people."""
        return f"{self.kind} {self.id}: expected {self.expected}, found {self.found}"


class Family(Protocol):
    """Some equations that belong together."""

    @property
    def name(self) -> str:
        """What is checked, for the progress line."""

    def differences(self, session: Session) -> Iterator[Difference]:
        """Yield every difference, reading in bounded memory."""

    def repair(self, database: Database) -> None:
        """Make the derived side agree again, in short transactions."""
