"""A site with a solved thread, indexed."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from forum.core.db import Database
from forum.search.engine import Hit, SearchUnavailable, SimilarQuery
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from tests.factories import make_answer, make_question, make_user


@dataclass(frozen=True, slots=True)
class Solved:
    """A thread with its accepted answer."""

    id: int
    answer_id: int
    title: str


@pytest.fixture
def engine(app: Flask) -> MemoryEngine:
    """The engine of the application."""
    found: MemoryEngine = app.extensions["askwell"].engine
    return found


@pytest.fixture
def solved(database: Database, engine: MemoryEngine) -> Solved:
    """The thread."""
    with database.transaction() as session:
        question = make_question(
            session,
            make_user(session),
            title="Dock <loses> the network after a minute",
            tags=("docks",),
            score=3,
        )
        answer = make_answer(
            session,
            question,
            make_user(session),
            text="Disable suspend of the network & wait.",
            accepted=True,
        )
        found = Solved(question.id, answer.id, question.title or "")
    Indexer(database, engine).reindex()
    return found


@pytest.fixture
def lose_index(engine: MemoryEngine, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Take the index away."""

    def away(query: SimilarQuery) -> tuple[Hit, ...]:
        raise SearchUnavailable("There is no search index yet.")

    return lambda: monkeypatch.setattr(engine, "similar", away)
