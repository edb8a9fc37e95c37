"""Questions about the same are named without delay and without errors."""

import pytest

from forum.core.db import Database
from forum.pages import related
from forum.pages.question import load
from forum.pages.related import related_by
from forum.posts.queries.question import Question, question
from forum.search.engine import Hits, SearchQuery, SearchUnavailable
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from tests.factories import make_question


class Counting(MemoryEngine):
    """An index that counts how often it is asked, and may be away."""

    def __init__(self, database: Database) -> None:
        super().__init__(analyses_for("en"))
        Indexer(database, self).reindex()
        self.searches = 0
        self.is_away = False

    def search(self, query: SearchQuery) -> Hits:
        self.searches += 1
        if self.is_away:
            raise SearchUnavailable("There is no search index.")
        return super().search(query)


@pytest.fixture
def engine(database: Database) -> Counting:
    """An index of some threads about flickering displays, and one about something else."""
    with database.transaction() as session:
        for title in (
            "Display flickers on battery",
            "External display flickers through the dock",
            "Why does the display flicker at 60 Hz?",
            "Printer is slow",
        ):
            make_question(session, title=title)
    return Counting(database)


def test_questions_with_the_same_words_are_related(database: Database, engine: Counting) -> None:
    asked = _asked(database)

    ids = related_by(engine)(asked)

    assert len(ids) == 2
    assert asked.post.id not in ids


def test_what_was_found_is_kept_for_a_while(
    database: Database, engine: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _asked(database)
    first = related_by(engine)(asked)

    assert related_by(engine)(asked) == first
    assert engine.searches == 1

    monkeypatch.setattr(related.time, "monotonic", lambda: 1e9)
    related_by(engine)(asked)
    assert engine.searches == 2


def test_without_an_index_there_are_none(database: Database, engine: Counting) -> None:
    engine.is_away = True

    assert related_by(engine)(_asked(database)) == ()
    assert related_by(engine)(_asked(database)) == ()
    assert engine.searches == 1, "an index that is away is not asked at every look at a page"


def test_they_stand_on_the_page_of_the_question(database: Database, engine: Counting) -> None:
    asked = _asked(database)

    with database.reading() as session:
        page = load(session, None, asked.post.id, related=related_by(engine))

    assert len(page.related) == 2


def _asked(database: Database) -> Question:
    with database.reading() as session:
        found = question(session, 1, None)
    assert found is not None
    return found
