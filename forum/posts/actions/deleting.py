"""Deleting questions and answers, and bringing them back.

A deleted post stays in the database, hidden from everybody but its author and moderators. What it earned
goes with it and comes back with it, but for posts that had long been useful
(reputation.rules.keeps_reputation).
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts import rules
from forum.posts.actions import Posted, recording
from forum.posts.actions.accepting import standing_acceptance
from forum.posts.models import Post
from forum.posts.queries.threads import Thread, lock_thread
from forum.reputation import actions as reputation
from forum.reputation import queries as ledger
from forum.reputation.rules import Entry, keeps_reputation
from forum.tags.actions import count_with_tags


def delete_post(session: Session, actor: Actor, post_id: int) -> Posted:
    """Hide a question with its thread, or an answer; raise Refused where a rule protects it.

    Deleting what is deleted changes nothing. A moderator who deletes an accepted answer un-accepts it.
    """
    thread = lock_thread(session, post_id)
    _refuse_delete(actor, thread)
    if thread.post.deleted_at is not None:
        return _about(thread, is_new=False)
    thread.post.deleted_at, thread.post.deleted_by_id = clock.now(), actor.id
    if thread.post.kind == "question":
        count_with_tags(session, thread.question.id, by=-1)
        lost = _earned(session, [thread.question, *_visible_answers(session, thread.question)], thread)
        reputation.record(session, reverse=lost, trigger_post_id=post_id)
    else:
        _take_answer_away(session, thread)
    return _changed(session, thread)


def undelete_post(session: Session, actor: Actor, post_id: int) -> Posted:
    """Show a deleted post again; raise Refused where only a moderator may."""
    thread = lock_thread(session, post_id)
    post = thread.post
    if not rules.may_see_deleted(actor, author_id=post.author_id):
        raise NotFound(gettext("There is no such post here."))
    if post.deleted_at is None:
        return _about(thread, is_new=False)
    rules.refuse_undelete(actor, author_id=post.author_id, deleted_by_id=post.deleted_by_id)
    if post.kind == "answer" and thread.question.deleted_at is not None:
        raise NotFound(gettext("The question of this answer is deleted; bring it back first."))
    post.deleted_at = post.deleted_by_id = None
    if post.kind == "question":
        count_with_tags(session, post.id, by=1)
    else:
        _count_answer(thread, by=1)
    session.flush()
    reputation.record(session, grant=ledger.to_restore(session, post_id))
    return _changed(session, thread)


def _refuse_delete(actor: Actor, thread: Thread) -> None:
    question, post = thread.question, thread.post
    if question.deleted_at is not None and post.kind == "answer":
        raise NotFound(gettext("The question of this answer is deleted."))
    if post.kind == "question":
        rules.refuse_delete_question(
            actor,
            author_id=post.author_id,
            answer_count=question.answer_count,
            upvoted_answer_count=question.upvoted_answer_count,
            is_solved=question.accepted_answer_id is not None,
        )
    else:
        is_accepted = question.accepted_answer_id == post.id
        rules.refuse_delete_answer(actor, author_id=post.author_id, is_accepted=is_accepted)


def _take_answer_away(session: Session, thread: Thread) -> None:
    question, answer = thread.question, thread.post
    unaccepted: list[Entry] = []
    if question.accepted_answer_id == answer.id:
        unaccepted = standing_acceptance(session, question)
        question.accepted_answer_id = question.accepted_at = None
    _count_answer(thread, by=-1)
    session.flush()
    gone = {entry.id for entry in unaccepted}
    lost = [entry for entry in _earned(session, [answer], thread) if entry.id not in gone]
    # Two calls would lock people twice and out of order, so the acceptance goes under the same trigger;
    # `to_restore` leaves it out, as undeleting an answer does not accept it again.
    reputation.record(session, reverse=[*unaccepted, *lost], trigger_post_id=answer.id)


def _count_answer(thread: Thread, *, by: int) -> None:
    thread.question.answer_count += by
    if thread.post.score > 0:
        thread.question.upvoted_answer_count += by


def _visible_answers(session: Session, question: Post) -> Sequence[Post]:
    answers = select(Post).where(Post.question_id == question.id, Post.deleted_at.is_(None))
    return session.scalars(answers).all()


def _earned(session: Session, posts: Sequence[Post], thread: Thread) -> list[Entry]:
    """Return the entries that disappear with these posts."""
    deleted_at = thread.post.deleted_at or clock.now()
    losing = [
        post.id
        for post in posts
        if not keeps_reputation(score=post.score, created_at=post.created_at, deleted_at=deleted_at)
    ]
    return ledger.standing_of_posts(session, losing) if losing else []


def _changed(session: Session, thread: Thread) -> Posted:
    recording.refresh_hotness(thread.question)
    recording.link_questions(session, thread.question)
    recording.tell_changed(session, thread.question)
    return _about(thread)


def _about(thread: Thread, *, is_new: bool = True) -> Posted:
    return Posted(post_id=thread.post.id, question_id=thread.question.id, is_new=is_new)
