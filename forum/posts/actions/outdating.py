"""Saying of an answer that it no longer works, and taking that back.

From `rules.OUTDATED_FROM` people on, everybody is told, and the thread counts as solved no longer where
similar threads are looked for.
"""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts import rules
from forum.posts.events import ThreadChanged
from forum.posts.models import OutdatedMark, Post
from forum.posts.queries.threads import Thread, lock_visible_thread


@dataclass(frozen=True, slots=True)
class Outdated:
    """An answer after a mark: how many people say that it no longer works, and whether this one does."""

    question_id: int
    post_id: int
    count: int
    mine: bool


def mark_outdated(session: Session, actor: Actor, answer_id: int) -> Outdated:
    """Let the person say that an answer no longer works. Saying so twice changes nothing.

    Raise Refused on one's own answer, NotFound when the answer is not there.
    """
    thread = _answer(session, answer_id)
    rules.refuse_mark_outdated(actor, author_id=thread.post.author_id)
    if _is_marked(session, actor, answer_id):
        return _outdated(thread, thread.post.outdated_count, mine=True)
    mark = {"post_id": answer_id, "user_id": actor.id, "marked_at": clock.now()}
    session.execute(insert(OutdatedMark), [mark])
    return _outdated(thread, _counted(session, thread, by=1), mine=True)


def unmark_outdated(session: Session, actor: Actor, answer_id: int) -> Outdated:
    """Take back what the person said of an answer; without a mark nothing changes."""
    thread = _answer(session, answer_id)
    if not _is_marked(session, actor, answer_id):
        return _outdated(thread, thread.post.outdated_count, mine=False)
    mine = (OutdatedMark.post_id == answer_id, OutdatedMark.user_id == actor.id)
    session.execute(delete(OutdatedMark).where(*mine))
    return _outdated(thread, _counted(session, thread, by=-1), mine=False)


def forget_marks(session: Session, answer: Post) -> None:
    """Remove all marks of a locked answer that gets another wording: they were about the one before.

    The caller tells that the thread has changed.
    """
    session.execute(delete(OutdatedMark).where(OutdatedMark.post_id == answer.id))
    session.execute(update(Post).where(Post.id == answer.id).values(outdated_count=0))


def _answer(session: Session, answer_id: int) -> Thread:
    thread = lock_visible_thread(session, answer_id)
    if thread.post.kind != "answer":
        raise NotFound(gettext("There is no such answer here."))
    return thread


def _is_marked(session: Session, actor: Actor, answer_id: int) -> bool:
    mine = (OutdatedMark.post_id == answer_id, OutdatedMark.user_id == actor.id)
    return session.execute(select(OutdatedMark.user_id).where(*mine)).one_or_none() is not None


def _counted(session: Session, thread: Thread, *, by: int) -> int:
    """Count a mark more or less of a locked answer, and return how many there are now."""
    counted = (
        update(Post)
        .where(Post.id == thread.post.id)
        .values(outdated_count=Post.outdated_count + by)
        .returning(Post.outdated_count)
    )
    count = session.execute(counted).scalar_one()
    # Below the threshold and beyond it a mark changes nothing that is searched for.
    if rules.is_outdated(count) != rules.is_outdated(count - by):
        outbox.emit(session, ThreadChanged(thread.question.id))
    return count


def _outdated(thread: Thread, count: int, *, mine: bool) -> Outdated:
    return Outdated(question_id=thread.question.id, post_id=thread.post.id, count=count, mine=mine)
