from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

import forum.wiring
from forum.accounts.models import User
from forum.checks.recount import Whom
from forum.checks.suspects import suspects
from forum.core import clock
from forum.core.db import Database
from forum.posts.actions.accepting import accept
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.reputation.actions import record
from forum.reputation.rules import vote_grants
from forum.votes.actions import cast
from forum.votes.models import Vote
from tests.checks.community import LONG_AGO, TEXT, settle
from tests.reputation.ledgers import join

assert forum.wiring.metadata.tables


@pytest.fixture
def whom() -> Whom:
    return lambda column: column.is_not(None)


def test_it_lets_ledgers_pass_that_are_right(database: Database, whom: Whom) -> None:
    with clock.frozen(LONG_AGO), database.transaction() as session:
        asker, answerer, *voters = join(session, 6)
        question_id = ask(session, asker, title="Why does it beep?", source=TEXT, tags=["beeps"]).question_id
        answer_id = answer(session, answerer, question_id, source=TEXT).post_id
        accept(session, asker, answer_id)
    for number, voter in enumerate(voters):
        with clock.frozen(LONG_AGO + timedelta(hours=number)), database.transaction() as session:
            cast(session, voter, question_id, -1)
            cast(session, voter, answer_id, 1 if number % 2 else -1)
            cast(session, voter, question_id, 0)

    with database.reading() as session:
        assert suspects(session, whom) == set()


def test_it_knows_the_votes_that_came_anonymous_with_an_import(database: Database, whom: Whom) -> None:
    with clock.frozen(LONG_AGO), database.transaction() as session:
        (asker,) = join(session, 1)
        question_id = ask(session, asker, title="Why does it beep?", source=TEXT, tags=["beeps"]).question_id
        row = {"post_id": question_id, "value": 1, "cast_at": LONG_AGO}
        vote_id = session.execute(insert(Vote).values(**row).returning(Vote.id)).scalar_one()
        grants = vote_grants(
            post_id=question_id,
            kind="question",
            author_id=asker.id,
            voter_id=None,
            value=1,
            cast_at=LONG_AGO,
            vote_id=vote_id,
        )
        record(session, grant=grants)

    with database.reading() as session:
        assert suspects(session, whom) == set()


def test_it_leaves_people_to_be_looked_at_whose_posts_were_deleted(database: Database, whom: Whom) -> None:
    people = settle(database).people

    with database.reading() as session:
        assert {people[1].id, people[2].id} <= suspects(session, whom)


def test_it_looks_at_nobody_else(database: Database) -> None:
    people = settle(database).people
    with database.transaction() as session:
        session.execute(update(User).values(reputation=4711))
        first = people[0].id

        assert suspects(session, lambda column: column == first) == {first}
        assert suspects(session, lambda column: column > first) == set(
            session.scalars(select(User.id).where(User.id > first))
        )
