"""Somebody who writes, and a question to answer."""

import pytest

import forum.wiring
from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.drafts.rules import Kind, Place
from tests.factories import make_question
from tests.reputation.ledgers import join

assert forum.wiring.metadata.tables


@pytest.fixture
def person(database: Database) -> Actor:
    with database.transaction() as session:
        return join(session, 1)[0]


@pytest.fixture
def place(database: Database) -> Place:
    with database.transaction() as session:
        return Place(Kind.ANSWER, make_question(session).id)
