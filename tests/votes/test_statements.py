"""How many statements a vote and an answer send: people wait for each other's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event

import forum.wiring
from forum.accounts.rules import Actor
from forum.core.db import Database, open_database
from forum.core.sending import sending_connection
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.votes.actions import cast
from tests.reputation.ledgers import join

assert forum.wiring.SEARCH
TEXT = "It beeps twice, and then nothing happens."


@contextmanager
def written(database: Database) -> Iterator[list[str]]:
    """Record the statements of transactions that write, without their beginning."""
    sent: list[str] = []

    def record(_connection: Any, _cursor: Any, sql: str, _values: Any, _context: Any, _many: bool) -> None:
        if not sql.startswith("BEGIN"):
            sent.append(sql)

    event.listen(database.writer, "before_cursor_execute", record)
    try:
        yield sent
    finally:
        event.remove(database.writer, "before_cursor_execute", record)


@pytest.fixture
def people(database: Database) -> list[Actor]:
    with database.transaction() as session:
        return join(session, 3)


@pytest.fixture
def answer_id(database: Database, people: list[Actor]) -> int:
    with database.transaction() as session:
        asked = ask(session, people[0], title="Why does it beep?", source=TEXT, tags=["beeps"])
        return answer(session, people[1], asked.question_id, source=TEXT).post_id


def test_a_vote_takes_a_constant_number_of_statements(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    counts = []
    for value in (1, 0, 1, 0, 1):
        with written(database) as sent, database.transaction() as session:
            cast(session, people[2], answer_id, value)
        counts.append(len(sent))

    # The first makes the answer an upvoted one; taking a vote back also looks for what it gave. On PostgreSQL
    # the thread and the people are locked by statements of their own.
    more = 0 if database.is_sqlite else 2
    assert counts == [11 + more, 12 + more, 11 + more, 12 + more, 11 + more]


@pytest.mark.postgres
def test_a_vote_on_postgresql_waits_for_what_it_reads_alone(postgres_url: str) -> None:
    database, waits = open_database(postgres_url), []
    with database.transaction() as session:
        people = join(session, 3)
        asked = ask(session, people[0], title="Why does it beep?", source=TEXT, tags=["beeps"])

    def note(connection: Connection, *_: object) -> None:
        waits[-1] += sending_connection(connection).is_waiting

    event.listen(database.writer, "before_cursor_execute", note)
    for value in (1, 0, 1):
        waits.append(0)
        with database.transaction() as session:
            cast(session, people[2], asked.question_id, value)
    database.dispose()

    # The ballot, what an earlier vote gave, the author's days, and the entries of the present one. All else
    # is sent with these and with the commit.
    assert waits == [3, 4, 3]


def test_an_answer_takes_a_constant_number_of_statements(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    counts = []
    for _ in range(3):
        with database.transaction() as session:
            asked = ask(session, people[0], title="Why does it blink?", source=TEXT, tags=["beeps"])
        for person in people[1:]:
            with written(database) as sent, database.transaction() as session:
                answer(session, person, asked.question_id, source=TEXT, submission=f"{len(counts)}")
            counts.append(len(sent))

    assert counts == [10] * 6
