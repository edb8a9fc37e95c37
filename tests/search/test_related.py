"""Questions about the same are found by title, text and tags."""

import pytest

from forum.core.db import Database
from forum.posts.queries.related import Asked
from forum.search.engine import Hit, SimilarQuery
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.search.related import FOUND, related_to
from tests.factories import make_question

TEXT = "It worked yesterday &amp; does not work today."
ASKED = Asked(1, "Display flickers on battery", f"<p>{TEXT}</p>", ("displays",))


class Recording(MemoryEngine):
    """An index that remembers what it was asked last."""

    def __init__(self, database: Database) -> None:
        super().__init__(analyses_for("en"))
        Indexer(database, self).reindex()

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        self.query = query
        return super().similar(query)


@pytest.fixture
def engine(database: Database) -> Recording:
    """An index of some threads about flickering displays, and one about something else."""
    with database.transaction() as session:
        for title in (
            ASKED.title,
            "External display flickers through the dock",
            "Why does the display flicker at 60 Hz?",
        ):
            make_question(session, title=title, text=TEXT, tags=("displays",))
        make_question(session, title="Printer is slow", text="A page takes a minute.", tags=("printing",))
    return Recording(database)


def test_questions_with_the_same_words_are_related(engine: Recording) -> None:
    found = related_to(ASKED, engine)

    assert found is not None
    assert set(found) == {2, 3}


def test_title_text_and_tags_are_looked_for(engine: Recording) -> None:
    related_to(ASKED, engine)

    assert engine.query == SimilarQuery(
        "Display flickers on battery",
        "It worked yesterday & does not work today.",
        tags=("displays",),
        with_passages=False,
        limit=FOUND + 1,
    )


def test_what_shares_but_a_common_word_is_not_related(database: Database, engine: Recording) -> None:
    with database.transaction() as session:
        for number in range(30):
            title = f"Battery of model {number} swells"
            make_question(session, title=title, text="The case bulges, it is hot.")
    Indexer(database, engine).reindex()

    assert set(related_to(ASKED, engine) or ()) == {2, 3}


def test_nothing_near_is_nothing_found(database: Database) -> None:
    with database.transaction() as session:
        make_question(session, title="Display flickers on battery", text="Since the update.")
        make_question(session, title="Printer is slow", text="A page takes a minute.")

    assert related_to(ASKED, Recording(database)) == ()


def test_of_a_question_that_is_not_in_the_index_nothing_is_known(engine: Recording) -> None:
    engine.remove([1])

    assert related_to(ASKED, engine) is None
