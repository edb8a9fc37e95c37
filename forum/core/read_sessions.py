"""Sessions that can't write, on one snapshot of the database."""

from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from forum.core.kept import Kept

KeptByVersion: TypeAlias = Kept[tuple[int, float, Any]]
"""Rows with the version of what pages show in whose snapshots they can be read, and when they are dropped."""


class ReadSession(Session):
    """A session with one connection, opened at first use and given back when the session is closed.

    A session of SQLAlchemy's own keeps account of connections and nested transactions, which takes longer
    than to open the snapshot, and as long again when it is closed. What few pages ask of the session itself
    goes to the same connection.
    """

    def __init__(self, engine: Engine, kept: KeptByVersion) -> None:
        super().__init__(autoflush=False)
        self.kept = kept
        self.page_version: int | None = None
        """The version of what pages show in this snapshot, once somebody has asked for it."""
        self._engine = engine
        self._opened: Connection | None = None

    def connection(self, _bind_arguments: Any = None, _execution_options: Any = None) -> Connection:
        """Return the connection, whose transaction has begun."""
        if self._opened is None:
            self._opened = self._engine.connect()
            self._opened.begin()
        return self._opened

    def get_bind(self, *_arguments: Any, **_options: Any) -> Connection:
        """Return the connection, whatever is read."""
        return self.connection()

    def close(self) -> None:
        """Forget the snapshot."""
        if self.in_transaction():
            # Whoever asked for columns alone has left nothing in the session.
            super().close()
        if self._opened is not None:
            self._opened.close()
            self._opened = self.page_version = None
