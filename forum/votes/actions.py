"""Voting: everything that a vote does, in the order in which it does it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.sending import send
from forum.core.tables import Base
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.posts.queries.threads import lock_comment, lock_only
from forum.posts.rules import hotness
from forum.reputation import actions as reputation
from forum.reputation import queries as ledger
from forum.reputation.rules import Grant, vote_grants
from forum.votes import queries, rules
from forum.votes.models import CommentVote, Vote
from forum.votes.queries import Ballot

# Plain tables and statements built once: entities cost several times as much, and all votes wait in one line.
_votes = Base.metadata.tables[Vote.__tablename__]
_posts = Base.metadata.tables[Post.__tablename__]

_of_post = _posts.c.id == bindparam("post_id")
_of_vote = _votes.c.id == bindparam("vote_id")
_add_vote = insert(_votes).inline()
_change_vote = update(_votes).where(_of_vote).values(value=bindparam("to"), cast_at=bindparam("at"))
_forget_vote = delete(_votes).where(_of_vote)
_move_answer = update(_posts).where(_of_post).values(score=_posts.c.score + bindparam("by"))
_move_question = (
    update(_posts)
    .where(_of_post)
    .values(
        score=_posts.c.score + bindparam("by"),
        upvoted_answer_count=_posts.c.upvoted_answer_count + bindparam("more_upvoted"),
        hot=bindparam("to_hot"),
    )
)


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
    lock_only(session, post_id)
    ballot = queries.ballot(session, post_id, voter_id=actor.id)
    if ballot is None:
        raise NotFound(gettext("There is no such post here."))
    if not ballot.is_visible:
        raise NotFound(gettext("This post was deleted."))
    rules.refuse_vote(actor, author_id=ballot.author_id, value=value)
    if value == ballot.value:
        return _voted(ballot, value)
    now = clock.now()
    earlier = _grants(ballot, actor, value=ballot.value, cast_at=ballot.cast_at or now)
    reverse = ledger.standing(session, [grant.key for grant in earlier])
    _keep(session, ballot, actor, value=value, cast_at=now)
    _move_score(session, ballot, by=value - ballot.value)
    reputation.record(session, reverse=reverse, grant=_grants(ballot, actor, value=value, cast_at=now))
    outbox.emit(session, ThreadChanged(ballot.question_id), after=rules.SCORE_IS_FOUND_AFTER)
    return _voted(ballot, value)


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


def _grants(ballot: Ballot, actor: Actor, *, value: int, cast_at: datetime) -> list[Grant]:
    if value == 0:
        return []
    return vote_grants(
        post_id=ballot.post_id,
        kind=ballot.kind,
        author_id=ballot.author_id,
        voter_id=actor.id,
        value=value,
        cast_at=cast_at,
    )


def _keep(session: Session, ballot: Ballot, actor: Actor, *, value: int, cast_at: datetime) -> None:
    if value == 0:
        send(session, _forget_vote, {"vote_id": ballot.vote_id})
    elif ballot.vote_id is None:
        row = {"post_id": ballot.post_id, "user_id": actor.id, "value": value, "cast_at": cast_at}
        send(session, _add_vote, row)
    else:
        send(session, _change_vote, {"vote_id": ballot.vote_id, "to": value, "at": cast_at})


def _move_score(session: Session, ballot: Ballot, *, by: int) -> None:
    question_score, upvoted = ballot.question_score, ballot.upvoted_answer_count
    if ballot.kind == "question":
        question_score += by
    else:
        send(session, _move_answer, {"post_id": ballot.post_id, "by": by})
        upvoted += (ballot.score + by > 0) - (ballot.score > 0)
        if upvoted == ballot.upvoted_answer_count:
            return
    hot = hotness(
        score=question_score,
        answer_count=ballot.answer_count,
        upvoted_answer_count=upvoted,
        created_at=ballot.asked_at,
    )
    moved = {
        "post_id": ballot.question_id,
        "by": question_score - ballot.question_score,
        "more_upvoted": upvoted - ballot.upvoted_answer_count,
        "to_hot": hot,
    }
    send(session, _move_question, moved)


def _voted(ballot: Ballot, mine: int) -> Voted:
    score = ballot.score + mine - ballot.value
    return Voted(question_id=ballot.question_id, post_id=ballot.post_id, score=score, mine=mine)
