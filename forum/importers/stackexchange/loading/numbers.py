"""Deciding which ids posts will have before the first is loaded, so that their texts can link to each other.

Into a forum without posts they come with the ids of the dump, which keeps the addresses of the old site
alive; otherwise they get the next free ones. Nobody else may be given a reserved id while the import runs: on
PostgreSQL the sequence is moved beyond them, and on SQLite, which continues after the highest id, the thread
with the highest reserved id goes in first, in the transaction that reserves.
"""

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from forum.importers.stackexchange.rows import PostType
from forum.importers.stackexchange.staged_tables import IMPORTED, PRESENT, post
from forum.importers.stackexchange.staging import Staging
from forum.posts.models import Post

_HIGHEST_KEPT = 2_000_000_000
"""Ids of a dump beyond this are not taken over: the numbers after them could run out."""
_SETTING = "highest reserved id"
_waits = (post.c.state == "", post.c.type.in_([PostType.QUESTION, PostType.ANSWER]))


def are_reserved(staging: Staging) -> bool:
    """Tell whether an earlier run reserved ids and loaded the thread that holds them, or none are needed."""
    if not staging.select(select(post.c.id).where(*_waits).limit(1)):
        return True
    highest = staging.setting(_SETTING)
    if highest is None:
        return False
    loaded = (post.c.local_id == int(highest), post.c.state.in_([IMPORTED, PRESENT]))
    unnumbered = select(post.c.id).where(*_waits, post.c.local_id.is_(None)).limit(1)
    return bool(staging.select(select(post.c.id).where(*loaded).limit(1))) and not staging.select(unnumbered)


def reserve(session: Session, staging: Staging) -> int:
    """Give every post that waits its id, and return the question to load in this very transaction."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        # Others wait here, instead of taking an id before the sequence is moved.
        session.execute(text("LOCK TABLE post IN SHARE ROW EXCLUSIVE MODE"))
    last = session.scalar(select(func.coalesce(func.max(Post.id), 0))) or 0
    edges = select(func.min(post.c.id).label("lowest"), func.max(post.c.id).label("highest"))
    waiting = staging.select(edges.where(*_waits))[0]
    if waiting.lowest > last and waiting.highest <= _HIGHEST_KEPT:
        staging.write(update(post).where(*_waits).values(local_id=post.c.id))
    else:
        order = func.row_number().over(order_by=post.c.id)
        ranked = select(post.c.id, order.label("rank")).where(*_waits).subquery()
        staging.write(update(post).where(post.c.id == ranked.c.id).values(local_id=ranked.c.rank + last))
    top = staging.select(
        select(post.c.local_id, post.c.question_id).where(*_waits).order_by(post.c.local_id.desc()).limit(1)
    )[0]
    staging.keep(_SETTING, str(top.local_id))
    if is_postgresql:
        session.execute(select(func.setval(func.pg_get_serial_sequence("post", "id"), top.local_id)))
    return int(top.question_id)
