"""A number that moves whenever something was committed that a page may show.

Whoever keeps a page reads the version in the snapshot that the page is made from; as long as the present
version is the same, the page made anew would be the same, too. Every write moves it, in its own transaction,
unless it says that nobody can see it: tables by `UNSEEN` in their `info`, single statements by the execution
option of the same name. To forget that costs a page made in vain, never an outdated one.

The version is the sum of many rows, of which a writer moves one at random: with a single row, writers would
wait for each other's commits on PostgreSQL. It is moved by the last statement of a transaction, so that
nobody who holds such a row waits for anything else.
"""

import random
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Integer,
    SmallInteger,
    bindparam,
    event,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from forum.core.prepared import Prepared
from forum.core.read_sessions import ReadSession
from forum.core.reading import connection_of, rows
from forum.core.sending import send
from forum.core.tables import Base

UNSEEN = "unseen"
"""Marks tables and statements that change nothing that a page for visitors shows at once."""
UNSEEN_TABLE = {"info": {UNSEEN: True}}
SHARDS = 64

_SEEN = "askwell-seen"
_choice = random.SystemRandom()


class PageVersion(Base):
    """A part of the version; all parts are added up."""

    __tablename__ = "page_version"

    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), server_default="0")


TOTAL = "SELECT sum(version) FROM page_version"
"""The same for whoever has no session."""
_TOTAL = Prepared(select(func.sum(PageVersion.version)))
# The plain table, as every transaction that writes pays for this.
_parts = Base.metadata.tables[PageVersion.__tablename__]
_MOVE = update(_parts).where(_parts.c.shard == bindparam("of")).values(version=_parts.c.version + 1)


def current(session: Session) -> int:
    """Return the version of what the session sees; a session that can't write asks for it once."""
    if not isinstance(session, ReadSession):
        return _read(session)
    if session.page_version is None:
        session.page_version = _read(session)
    return session.page_version


def _read(session: Session) -> int:
    ((total,),) = rows(session, _TOTAL)
    return int(total)


def move(session: Session) -> None:
    """Move the version when the transaction commits, for what changed outside of the database."""
    session.connection().info[_SEEN] = True


def move_if_seen(session: Session) -> None:
    """Move the version if the transaction wrote what can be seen; nothing may be written after it."""
    # Without a connection nothing was written.
    if not session.in_transaction() or not (connection := connection_of(session)).info.pop(_SEEN, False):
        return
    send(session, _MOVE, {"of": _choice.randrange(SHARDS)})
    connection.info.pop(_SEEN, None)


def watch(writer: Engine) -> None:
    """Note on each connection of the engine whether its transaction wrote what can be seen."""
    event.listen(writer, "before_cursor_execute", _note)
    event.listen(writer, "begin", _forget)
    event.listen(writer, "rollback", _forget)


def _forget(connection: Connection) -> None:
    # Of a connection that broke nothing is known any more, and asking for it would hide why it did.
    if not connection.invalidated:
        connection.info.pop(_SEEN, None)


def _note(
    connection: Connection, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool
) -> None:
    # Without a context it is a prepared statement, which only reads.
    if context is not None and _writes(statement, context) and not _is_unseen(context):
        connection.info[_SEEN] = True


def _writes(statement: str, context: Any) -> bool:
    if context.isinsert or context.isupdate or context.isdelete:
        return True
    return statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}


def _is_unseen(context: Any) -> bool:
    if context.execution_options.get(UNSEEN):
        return True
    table = getattr(getattr(context.compiled, "statement", None), "table", None)
    return table is not None and bool(table.info.get(UNSEEN))
