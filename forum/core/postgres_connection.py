"""How statements travel to PostgreSQL: those whose results nobody needs are not waited for.

Each statement that is waited for wakes another process, and the answer wakes ours, which costs about as much
as a small statement itself. So beginnings of transactions, locks and writes are sent (`forum.core.sending`),
and what they say is read together with the next result that is needed, at the latest with that of the commit.
PostgreSQL runs them one after the other, as always, and none after one that failed.

The driver is told not to begin transactions, which it would wait for; `forum.core.db` does.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Self, cast

import psycopg
from psycopg.pq import TransactionStatus


class SendingConnection(psycopg.Connection[Any]):
    """A connection that can send statements without waiting for what they say."""

    only_reads = False
    """Whether the present transaction was begun as one that can't write."""
    is_waiting = True
    """Whether what is executed is waited for, with all that was sent before."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cursor_factory = _Cursor
        self._unread: ExitStack | None = None

    @contextmanager
    def unawaited(self) -> Iterator[None]:
        """Send what is executed in the block without waiting; what fails is raised by a later statement."""
        if self._unread is None:
            unread = ExitStack()
            unread.enter_context(self.pipeline())
            self._unread = unread
        self.is_waiting = False
        try:
            yield
        finally:
            self.is_waiting = True

    def catch_up(self) -> None:
        """Wait for all that was sent, unless this is to be sent, too; raise the first error among it."""
        if self.is_waiting and self._unread is not None:
            unread, self._unread = self._unread, None
            unread.close()

    def cursor(self, name: str = "", **options: Any) -> Any:
        """Return a cursor; one with a name is kept by the server, which starts when nothing is on its way."""
        if name:
            self.catch_up()
        return super().cursor(name, **options)

    def commit(self) -> None:
        """Commit behind all that was sent, and return when that succeeded."""
        if self._unread is None:
            super().commit()
            return
        try:
            self.execute("COMMIT", prepare=False)
        except psycopg.Error:
            # Behind what failed PostgreSQL ignores the commit, too, and waits for the end of the transaction.
            with suppress(psycopg.Error):
                self.rollback()
            raise

    def rollback(self) -> None:
        """Roll back, whatever became of what was sent."""
        with suppress(psycopg.Error):
            self.catch_up()
        if self.only_reads and self.info.transaction_status is TransactionStatus.INTRANS:
            # There is nothing to undo, and after a rollback the driver would forget what it has prepared.
            super().commit()
        else:
            super().rollback()


class _Cursor(psycopg.Cursor[Any]):
    """A cursor of such a connection: its statements are waited for, with all sent before, unless sent so."""

    def execute(self, *arguments: Any, **options: Any) -> Self:
        super().execute(*arguments, **options)
        self._catch_up()
        return self

    def executemany(self, *arguments: Any, **options: Any) -> None:
        super().executemany(*arguments, **options)
        self._catch_up()

    def _catch_up(self) -> None:
        cast(SendingConnection, self.connection).catch_up()
