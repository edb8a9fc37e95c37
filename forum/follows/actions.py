"""Who follows what, as rows. The actions of posts call these under the lock of the thread and count."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.tables import Base
from forum.follows.models import Follow

Seen = Mapping[tuple[int, int], datetime]
"""Up to when people have seen what happened in questions, by the ids of person and question."""

_follows = Base.metadata.tables[Follow.__tablename__]
_begin = {
    "sqlite": sqlite.insert(_follows).on_conflict_do_nothing().returning(_follows.c.user_id),
    "postgresql": postgresql.insert(_follows).on_conflict_do_nothing().returning(_follows.c.user_id),
}


def switch(session: Session, user_id: int, question_id: int, *, on: bool) -> int:
    """Let a person follow a locked question or stop; return by how many its followers have changed.

    Doing the same twice changes nothing.
    """
    mine = _of(user_id, question_id)
    before = session.execute(select(Follow.is_on).where(*mine)).scalar_one_or_none()
    if bool(before) == on:
        return 0
    if before is None:
        _add(session, user_id, question_id)
    else:
        session.execute(update(Follow).where(*mine).values(is_on=on, seen_until=clock.now()))
    return 1 if on else -1


def begin(session: Session, user_id: int, question_id: int) -> int:
    """Let somebody who writes in a locked thread follow it, unless they follow it or have stopped to.

    Return by how many its followers have changed.
    """
    connection = session.connection()
    row = _row(user_id, question_id)
    return len(connection.execute(_begin[connection.dialect.name], row).all())


def note_seen(session: Session, seen: Seen) -> None:
    """Note up to when people have seen the questions that they follow; an earlier moment changes nothing."""
    for (user_id, question_id), until in sorted(seen.items()):
        noted = update(Follow).where(*_of(user_id, question_id), Follow.seen_until < until)
        session.execute(noted.values(seen_until=until))


def _of(user_id: int, question_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Follow.user_id == user_id, Follow.question_id == question_id


def _add(session: Session, user_id: int, question_id: int) -> None:
    session.execute(insert(Follow), [_row(user_id, question_id)])


def _row(user_id: int, question_id: int) -> dict[str, object]:
    # Under the lock of the thread everything there that is older than now can be seen by now.
    return {"user_id": user_id, "question_id": question_id, "is_on": True, "seen_until": clock.now()}
