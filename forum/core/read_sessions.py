"""Sessions that can't write, on one snapshot of the database."""

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session


class ReadSession(Session):
    """A session with one connection, opened at first use and given back when the session is closed.

    A session of SQLAlchemy's own keeps account of connections and nested transactions, which takes longer
    than to open the snapshot, and as long again when it is closed. What few pages ask of the session itself
    goes to the same connection.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(autoflush=False)
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
            self._opened = None
