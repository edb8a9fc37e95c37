"""Threads that are there before somebody comes to the site, written by the actions that the pages use."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

import forum.wiring
from forum.accounts import actions as accounts
from forum.accounts.rules import Actor
from forum.posts.actions import accepting, answering, asking
from tests.journeys.person import PASSWORD

# What is posted wakes the indexer only where events are wired.
assert forum.wiring.SEARCH


@dataclass(frozen=True, slots=True)
class Thread:
    """The ids of a question and its answers, in the order in which they were written."""

    id: int
    answer_ids: tuple[int, ...]


def member(session: Session, name: str) -> Actor:
    """Make an account that can sign in with the password of the journeys."""
    id = accounts.create_user(session, name=name, email="", password=PASSWORD, role="member")
    return Actor(id=id, name=name, role="member", reputation=1)


def write_thread(
    session: Session,
    asker: Actor,
    *,
    title: str,
    text: str,
    tags: Sequence[str],
    answers: Sequence[tuple[Actor, str]] = (),
    accepts: int | None = None,
) -> Thread:
    """Ask a question, answer it, and accept the answer at a place in `answers`, if any."""
    question = asking.ask(session, asker, title=title, source=text, tags=tags)
    ids = tuple(
        answering.answer(session, answerer, question.question_id, source=source).post_id
        for answerer, source in answers
    )
    if accepts is not None:
        accepting.accept(session, asker, ids[accepts])
    return Thread(question.question_id, ids)
