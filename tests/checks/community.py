"""A small community made by the actions, in which every derived column has something to be derived from."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import forum.wiring
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.posts.actions.accepting import accept
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.commenting import comment
from forum.posts.actions.deleting import delete_post
from forum.posts.actions.editing import edit_post
from forum.posts.actions.outdating import mark_outdated
from forum.votes.actions import cast, cast_on_comment
from tests.reputation.ledgers import join

assert forum.wiring.metadata.tables

LONG_AGO = datetime(2024, 5, 1, 12, tzinfo=UTC)
TEXT = "It beeps twice, and then nothing happens."


@dataclass(frozen=True, slots=True)
class Community:
    """The ids of what is there."""

    people: tuple[Actor, ...]
    question_id: int
    accepted_id: int
    deleted_answer_id: int
    kept_question_id: int
    comment_id: int


def settle(database: Database) -> Community:
    """Let people ask, answer, comment, vote, accept, edit and delete."""
    with clock.frozen(LONG_AGO), database.transaction() as session:
        people = join(session, 8)
        asker, answerer, *voters = people
        question_id = ask(
            session, asker, title="Why does it beep at all?", source=TEXT, tags=["beeps", "bios"]
        ).question_id
        accepted_id = answer(session, answerer, question_id, source=TEXT).post_id
        deleted_answer_id = answer(session, voters[0], question_id, source=TEXT).post_id
        kept_question_id = ask(
            session, answerer, title="Which beep means what?", source=TEXT, tags=["beeps"]
        ).question_id
        comment_id = comment(session, voters[0], accepted_id, source="Thank you!").comment_id
        for voter in voters[1:]:
            cast(session, voter, question_id, 1)
            cast(session, voter, accepted_id, 1)
            cast(session, voter, kept_question_id, 1)
            cast_on_comment(session, voter, comment_id, True)
        cast(session, voters[1], deleted_answer_id, -1)
        cast(session, voters[2], accepted_id, -1)
        accept(session, asker, accepted_id)
        mark_outdated(session, voters[3], accepted_id)
    with clock.frozen(LONG_AGO + timedelta(days=1)), database.transaction() as session:
        edit_post(session, asker, question_id, source=f"{TEXT} Three times now.", based_on=1)
        delete_post(session, voters[0], deleted_answer_id)
    with clock.frozen(LONG_AGO + timedelta(days=90)), database.transaction() as session:
        delete_post(session, answerer, kept_question_id)
    return Community(
        people=tuple(people),
        question_id=question_id,
        accepted_id=accepted_id,
        deleted_answer_id=deleted_answer_id,
        kept_question_id=kept_question_id,
        comment_id=comment_id,
    )
