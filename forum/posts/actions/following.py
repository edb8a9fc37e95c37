"""Following a question, and stopping to."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.errors import NotFound
from forum.follows import actions as follows
from forum.posts.models import Post
from forum.posts.queries.threads import lock_visible_thread


@dataclass(frozen=True, slots=True)
class Followed:
    """A question after somebody began or stopped to follow it."""

    question_id: int
    is_followed: bool
    follower_count: int


def follow(session: Session, actor: Actor, question_id: int) -> Followed:
    """Let the person follow a question. Following it twice changes nothing.

    Raise NotFound when the question is not there.
    """
    return _switched(session, actor, question_id, on=True)


def unfollow(session: Session, actor: Actor, question_id: int) -> Followed:
    """Let the person follow a question no more, also when they write in its thread later.

    Raise NotFound when the question is not there.
    """
    return _switched(session, actor, question_id, on=False)


def follow_own(session: Session, question: Post, user_id: int) -> None:
    """Let somebody who has written in a locked thread follow it, unless they have stopped to."""
    question.follower_count += follows.begin(session, user_id, question.id)


def _switched(session: Session, actor: Actor, question_id: int, *, on: bool) -> Followed:
    question = lock_visible_thread(session, question_id).question
    if question.id != question_id:
        raise NotFound("There is no such question here.")
    question.follower_count += follows.switch(session, actor.id, question_id, on=on)
    session.flush()
    return Followed(question_id=question_id, is_followed=on, follower_count=question.follower_count)
