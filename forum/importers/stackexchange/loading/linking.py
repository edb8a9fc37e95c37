"""Links between questions, once all questions are there."""

from typing import Any

from sqlalchemy import Row, select, tuple_, update
from sqlalchemy.orm import Session

from forum.core import outbox
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.loading.adding import add
from forum.importers.stackexchange.loading.origins import Loaded, leave_out, remember
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.progress import Step
from forum.importers.stackexchange.rows import LinkType
from forum.posts.events import ThreadChanged
from forum.posts.models import Post, QuestionLink

_BATCH = 500
_KINDS = {LinkType.LINKED: "mention", LinkType.DUPLICATE: "duplicate"}


def load_links(run: Run, step: Step) -> None:
    """Link the questions of the posts that the dump links, and let duplicates lead to their original."""
    while links := run.staging.select(_waiting()):
        within = [link.id for link in links if link.from_id == link.to_id]
        leave_out(run.staging, "link", within, "it leads to a post of the same thread")
        across = [link for link in links if link.from_id != link.to_id]
        with run.database.transaction() as session:
            _insert(session, across)
            _name_originals(session, across)
            remember(session, run.staging, run.origin, [Loaded("link", link.id, None) for link in across])
        step.advance(len(links))


def _waiting() -> Any:
    """Return the query for links that wait, with the questions of both ends."""
    link, start, end = staged.link, staged.post.alias("start"), staged.post.alias("end")
    first, last = staged.post.alias("from_question"), staged.post.alias("to_question")
    return (
        select(
            link.c.id,
            link.c.type,
            link.c.created_at,
            first.c.local_id.label("from_id"),
            last.c.local_id.label("to_id"),
        )
        .join(start, start.c.id == link.c.post_id)
        .join(first, first.c.id == start.c.question_id)
        .join(end, end.c.id == link.c.related_post_id)
        .join(last, last.c.id == end.c.question_id)
        .where(link.c.state == "")
        .order_by(link.c.id)
        .limit(_BATCH)
    )


def _insert(session: Session, links: list[Row[Any]]) -> None:
    """Add the links that are not there; several of a dump may become one of ours."""
    wanted = {
        (link.from_id, link.to_id, _KINDS[LinkType(link.type)]): link.created_at for link in reversed(links)
    }
    key = tuple_(QuestionLink.from_id, QuestionLink.to_id, QuestionLink.kind)
    there = {tuple(row) for row in session.execute(select(*key.clauses).where(key.in_(list(wanted))))}
    rows = [
        {"from_id": from_id, "to_id": to_id, "kind": kind, "created_at": created_at}
        for (from_id, to_id, kind), created_at in wanted.items()
        if (from_id, to_id, kind) not in there
    ]
    if rows:
        add(session, QuestionLink, rows)
        repeated = sorted({row["to_id"] for row in rows if row["kind"] == "duplicate"})
        outbox.emit(session, *map(ThreadChanged, repeated))


def _name_originals(session: Session, links: list[Row[Any]]) -> None:
    """Let closed questions that repeat another one lead to it."""
    originals = {link.from_id: link.to_id for link in links if link.type == LinkType.DUPLICATE}
    closed = select(Post.id).where(
        Post.id.in_(originals), Post.closed_at.is_not(None), Post.duplicate_of_id.is_(None)
    )
    rows = [
        {"id": id_, "duplicate_of_id": originals[id_], "closed_reason": "duplicate"}
        for id_ in session.scalars(closed.order_by(Post.id).with_for_update())
    ]
    if rows:
        session.execute(update(Post), rows)
        outbox.emit(session, *(ThreadChanged(row["id"]) for row in rows))
