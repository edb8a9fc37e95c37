"""Voting: everything that a vote does, in the order in which it does it."""

from dataclasses import dataclass

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.posts.actions.recording import refresh_hotness
from forum.posts.events import ThreadChanged
from forum.posts.queries.threads import Thread, lock_comment, lock_visible_thread
from forum.reputation import actions as reputation
from forum.reputation import queries as ledger
from forum.reputation.rules import Grant, vote_grants
from forum.votes import rules
from forum.votes.models import CommentVote, Vote


@dataclass(frozen=True, slots=True)
class Voted:
    """A post after a vote: its score, and what the voter's own vote now is (1, 0 or -1)."""

    question_id: int
    post_id: int
    score: int
    mine: int


@dataclass(frozen=True, slots=True)
class CommentVoted:
    """A comment after a vote: its score, and whether the voter finds it useful."""

    question_id: int
    comment_id: int
    score: int
    mine: bool


def cast(session: Session, actor: Actor, post_id: int, value: int) -> Voted:
    """Make the person's vote on a post `value`: 1, -1, or 0 for none. Voting the same twice changes nothing.

    Raise Refused on one's own post, NotFound when the post is not there.
    """
    value = rules.check_value(value)
    thread = lock_visible_thread(session, post_id)
    rules.refuse_vote(actor, author_id=thread.post.author_id, value=value)
    mine = (Vote.post_id == post_id, Vote.user_id == actor.id)
    vote = session.execute(select(Vote).where(*mine)).scalar_one_or_none()
    before = vote.value if vote else 0
    if value == before:
        return _voted(thread, value)
    reverse = ledger.standing(session, [grant.key for grant in _grants(thread, vote)])
    if vote is None:
        vote = Vote(post_id=post_id, user_id=actor.id, value=value, cast_at=clock.now())
        session.add(vote)
    elif value == 0:
        session.delete(vote)
        vote = None
    else:
        vote.value, vote.cast_at = value, clock.now()
    _move_score(thread, by=value - before)
    session.flush()
    reputation.record(session, reverse=reverse, grant=_grants(thread, vote))
    outbox.emit(session, ThreadChanged(thread.question.id), after=rules.SCORE_IS_FOUND_AFTER)
    return _voted(thread, value)


def cast_on_comment(session: Session, actor: Actor, comment_id: int, useful: bool) -> CommentVoted:
    """Make the person find a comment useful, or not any more. Doing the same twice changes nothing."""
    thread, comment = lock_comment(session, comment_id)
    is_deleted = comment.deleted_at is not None
    rules.refuse_comment_vote(actor, author_id=comment.author_id, is_deleted=is_deleted)
    mine = (CommentVote.comment_id == comment_id, CommentVote.user_id == actor.id)
    before = session.execute(select(CommentVote.user_id).where(*mine)).one_or_none() is not None
    if useful and not before:
        session.execute(
            insert(CommentVote), [{"comment_id": comment_id, "user_id": actor.id, "cast_at": clock.now()}]
        )
    elif before and not useful:
        session.execute(delete(CommentVote).where(*mine))
    comment.score += useful - before
    session.flush()
    return CommentVoted(
        question_id=thread.question.id, comment_id=comment_id, score=comment.score, mine=useful
    )


def _grants(thread: Thread, vote: Vote | None) -> list[Grant]:
    if vote is None:
        return []
    return vote_grants(
        post_id=thread.post.id,
        kind=thread.post.kind,
        author_id=thread.post.author_id,
        voter_id=vote.user_id,
        value=vote.value,
        cast_at=vote.cast_at,
        vote_id=vote.id,
    )


def _move_score(thread: Thread, *, by: int) -> None:
    question, post = thread.question, thread.post
    was_upvoted = post.score > 0
    post.score += by
    if post.kind == "answer":
        question.upvoted_answer_count += (post.score > 0) - was_upvoted
    refresh_hotness(question)


def _voted(thread: Thread, mine: int) -> Voted:
    return Voted(question_id=thread.question.id, post_id=thread.post.id, score=thread.post.score, mine=mine)
