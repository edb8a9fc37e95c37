"""Closing questions."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.errors import Invalid, NotFound
from forum.posts import rules
from forum.posts.actions import Posted
from forum.posts.events import ThreadChanged
from forum.posts.models import Post, QuestionLink
from forum.posts.queries.threads import lock_visible_thread


def close_as_duplicate(session: Session, actor: Actor, question_id: int, *, of: int) -> Posted:
    """Close a question that repeats another, to which it leads from then on.

    Raise Refused unless the person is a moderator, NotFound when one of the two is not there, Invalid for
    a question that would repeat itself. Closing what is closed changes nothing.
    """
    rules.refuse_close(actor)
    question = lock_visible_thread(session, question_id).question
    if question.id != question_id:
        raise NotFound("There is no such question here.")
    if question.closed_at is not None:
        return Posted(post_id=question.id, question_id=question.id, is_new=False)
    if of == question_id:
        raise Invalid("of", "A question can't be a duplicate of itself; name the earlier one.")
    original = select(Post.id).where(Post.id == of, Post.kind == "question", Post.deleted_at.is_(None))
    if session.execute(original).one_or_none() is None:
        raise NotFound("There is no such earlier question.")
    now = clock.now()
    question.closed_at, question.closed_reason, question.duplicate_of_id = now, "duplicate", of
    # A question that was closed and reopened before has the link already.
    session.merge(QuestionLink(from_id=question.id, to_id=of, kind="duplicate", created_at=now))
    session.flush()
    outbox.emit(session, ThreadChanged(question.id))
    return Posted(post_id=question.id, question_id=question.id)
