"""Questions about the same are named without delay and without errors."""

import pytest

from forum.core import clock
from forum.core.db import Database
from forum.pages import related
from forum.pages.question import load
from forum.pages.related import related_by
from forum.posts.models import QuestionLink
from forum.posts.queries.question import Question, question
from forum.search.engine import Hit, SearchUnavailable, SimilarQuery
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from tests.factories import make_question

TEXT = "It worked yesterday &amp; does not work today."


class Counting(MemoryEngine):
    """An index that counts how often it is asked, and may be away."""

    def __init__(self, database: Database) -> None:
        super().__init__(analyses_for("en"))
        Indexer(database, self).reindex()
        self.searches = 0
        self.is_away = False

    def similar(self, query: SimilarQuery) -> tuple[Hit, ...]:
        self.searches += 1
        self.query = query
        if self.is_away:
            raise SearchUnavailable("There is no search index.")
        return super().similar(query)


@pytest.fixture
def engine(database: Database) -> Counting:
    """An index of some threads about flickering displays, and one about something else."""
    with database.transaction() as session:
        for title in (
            "Display flickers on battery",
            "External display flickers through the dock",
            "Why does the display flicker at 60 Hz?",
        ):
            make_question(session, title=title, text=TEXT, tags=("displays",))
        make_question(session, title="Printer is slow", text="A page takes a minute.", tags=("printing",))
    return Counting(database)


def test_questions_with_the_same_words_are_related(database: Database, engine: Counting) -> None:
    asked = _asked(database)

    ids = related_by(engine)(asked)

    assert len(ids) == 2
    assert asked.post.id not in ids


def test_title_text_and_tags_are_looked_for(database: Database, engine: Counting) -> None:
    related_by(engine)(_asked(database))

    assert engine.query == SimilarQuery(
        "Display flickers on battery",
        "It worked yesterday & does not work today.",
        tags=("displays",),
        with_passages=False,
        limit=related.FOUND + 1,
    )


def test_what_shares_but_a_common_word_is_not_related(database: Database, engine: Counting) -> None:
    with database.transaction() as session:
        for number in range(30):
            make_question(
                session, title=f"Battery of model {number} swells", text="The case bulges, it is hot."
            )
    Indexer(database, engine).reindex()

    ids = related_by(engine)(_asked(database))

    assert set(ids) == {2, 3}


def test_nothing_near_is_nothing_shown(database: Database) -> None:
    with database.transaction() as session:
        make_question(session, title="Display flickers on battery", text="Since the update.")
        make_question(session, title="Printer is slow", text="A page takes a minute.")

    assert related_by(Counting(database))(_asked(database)) == ()


def test_a_question_that_is_not_in_the_index_yet_has_related_ones_too(
    database: Database, engine: Counting
) -> None:
    engine.remove([1])

    assert set(related_by(engine)(_asked(database))) >= {2, 3}


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


def test_a_linked_question_is_not_related_as_well(database: Database, engine: Counting) -> None:
    with database.transaction() as session:
        session.add(QuestionLink(from_id=1, to_id=2, kind="mention", created_at=clock.now()))

    with database.reading() as session:
        page = load(session, None, 1, related=related_by(engine))

    assert [other.id for other in page.linked] == [2]
    assert [other.id for other in page.related] == [3]


def test_at_most_eight_are_shown(database: Database) -> None:
    with database.transaction() as session:
        for number in range(12):
            make_question(session, title=f"Display flickers on battery {number}")
        for number in range(30):
            make_question(session, title=f"Printer {number} is slow", text="A page takes a minute.")
    engine = Counting(database)

    with database.reading() as session:
        page = load(session, None, 1, related=related_by(engine))

    assert len(page.related) == related.SHOWN


def _asked(database: Database) -> Question:
    with database.reading() as session:
        found = question(session, 1, None)
    assert found is not None
    return found
