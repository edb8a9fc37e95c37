"""Accepting the answer that solved the question."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts import rules
from forum.posts.actions import Acceptance
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.posts.queries.threads import Thread, lock_visible_thread
from forum.reputation import actions as reputation
from forum.reputation import queries as ledger
from forum.reputation.rules import Entry, Grant, accept_grants


def accept(session: Session, actor: Actor, answer_id: int) -> Acceptance:
    """Make an answer the accepted one of its question, in place of any other.

    Raise Refused unless the person asked the question. Accepting twice changes nothing.
    """
    thread = _answer_to_own_question(session, actor, answer_id)
    former_id = thread.question.accepted_answer_id
    if former_id == answer_id:
        return Acceptance(answer_id, thread.question.id, is_accepted=True, former_id=former_id)
    reverse = standing_acceptance(session, thread.question)
    thread.question.accepted_answer_id, thread.question.accepted_at = answer_id, clock.now()
    _settle(session, thread, reverse=reverse, grant=acceptance_grants(thread.question, thread.post))
    return Acceptance(answer_id, thread.question.id, is_accepted=True, former_id=former_id)


def unaccept(session: Session, actor: Actor, answer_id: int) -> Acceptance:
    """Take the acceptance of an answer back; without one nothing changes."""
    thread = _answer_to_own_question(session, actor, answer_id)
    former_id = thread.question.accepted_answer_id
    if former_id != answer_id:
        return Acceptance(answer_id, thread.question.id, is_accepted=False, former_id=former_id)
    reverse = standing_acceptance(session, thread.question)
    thread.question.accepted_answer_id = thread.question.accepted_at = None
    _settle(session, thread, reverse=reverse)
    return Acceptance(answer_id, thread.question.id, is_accepted=False, former_id=former_id)


def acceptance_grants(question: Post, answer: Post) -> list[Grant]:
    """Return what the acceptance of a question's accepted answer is worth."""
    if question.accepted_at is None:
        return []
    return accept_grants(
        answer_id=answer.id,
        answerer_id=answer.author_id,
        asker_id=question.author_id,
        accepted_at=question.accepted_at,
    )


def standing_acceptance(session: Session, question: Post) -> list[Entry]:
    """Return the ledger entries of a locked question's present acceptance."""
    if question.accepted_answer_id is None:
        return []
    answer = session.execute(select(Post).where(Post.id == question.accepted_answer_id)).scalar_one()
    return ledger.standing(session, [grant.key for grant in acceptance_grants(question, answer)])


def _answer_to_own_question(session: Session, actor: Actor, answer_id: int) -> Thread:
    thread = lock_visible_thread(session, answer_id)
    if thread.post.kind != "answer":
        raise NotFound(gettext("There is no such answer here."))
    rules.refuse_accept(actor, asker_id=thread.question.author_id)
    return thread


def _settle(
    session: Session, thread: Thread, *, reverse: list[Entry], grant: list[Grant] | None = None
) -> None:
    session.flush()
    reputation.record(session, reverse=reverse, grant=grant or [])
    outbox.emit(session, ThreadChanged(thread.question.id))
