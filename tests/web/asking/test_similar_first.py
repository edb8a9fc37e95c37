"""Solved threads are shown once before a question is posted, and never keep it from being posted."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from forum.core.db import Database
from forum.posts.models import Post
from forum.search.engine import Hit, SearchUnavailable, SimilarQuery
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import Indexer
from forum.searches.models import AskOutcome
from forum.searches.rules import Outcome
from tests.factories import make_answer, make_question, make_user
from tests.web.browser import Browser, field_of

WRITTEN = {
    "title": "My dock loses its network",
    "source": "It stays away <b>until</b>\n\n\n    I plug it again.\n",
    "tags": "docks, Network",
}


@pytest.fixture
def engine(member: Browser) -> MemoryEngine:
    found: MemoryEngine = member.app.extensions["askwell"].engine
    return found


@pytest.fixture
def solved_id(database: Database, engine: MemoryEngine) -> int:
    """A solved thread about the same."""
    with database.transaction() as session:
        question = make_question(session, make_user(session), title="Dock loses the network after a minute")
        make_answer(session, question, make_user(session), text="Disable suspend.", accepted=True)
        id = question.id
    Indexer(database, engine).reindex()
    return id


@pytest.fixture
def count_questions(database: Database) -> Callable[[], int]:
    def count() -> int:
        with database.reading() as session:
            return session.execute(select(func.count()).where(Post.kind == "question")).scalar_one()

    return count


def test_a_convincing_thread_is_shown_first_and_all_text_is_kept(
    member: Browser, solved_id: int, count_questions: Callable[[], int]
) -> None:
    submission = field_of(member.get("/questions/ask"), "submission")
    page = member.post("/questions/ask", **WRITTEN, submission=submission)

    assert page.status_code == 200
    assert "This may already solve it" in page.text
    assert "Dock loses the network after a minute" in page.text
    assert {name: field_of(page, name) for name in WRITTEN} == WRITTEN
    assert field_of(page, "submission") == submission
    assert (field_of(page, "seen_similar"), field_of(page, "offered")) == ("1", str(solved_id))
    assert count_questions() == 1


def test_it_is_posted_the_second_time_and_what_was_offered_is_noted(
    member: Browser, database: Database, solved_id: int, count_questions: Callable[[], int]
) -> None:
    page = member.post("/questions/ask", **WRITTEN)
    sent = {name: field_of(page, name) for name in (*WRITTEN, "submission", "seen_similar", "offered")}

    first, again = (member.post("/questions/ask", **sent) for _ in range(2))

    assert first.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert count_questions() == 2
    with database.reading() as session:
        noted = session.execute(select(AskOutcome)).scalar_one()
        asked = session.scalars(select(Post).where(Post.title == WRITTEN["title"])).one()
    assert (noted.outcome, noted.thread_id, noted.offered_count, noted.solved_id) == (
        Outcome.ASKED,
        asked.id,
        1,
        solved_id,
    )
    assert noted.tag_names == "docks network"


def test_somebody_who_has_seen_the_list_is_not_stopped_when_more_has_to_be_corrected(
    member: Browser, solved_id: int
) -> None:
    wrong = member.post("/questions/ask", **{**WRITTEN, "tags": ""}, seen_similar="1")

    assert wrong.status_code == 422
    assert field_of(wrong, "seen_similar") == "1"
    assert member.post("/questions/ask", **WRITTEN, seen_similar="1").status_code == 303


def test_mistakes_are_told_before_threads_are_shown(member: Browser, solved_id: int) -> None:
    page = member.post("/questions/ask", **{**WRITTEN, "tags": ""})

    assert page.status_code == 422
    assert "already solve it" not in page.text
    assert not field_of(page, "seen_similar")


def test_a_thread_that_shares_one_word_stops_nobody(member: Browser, solved_id: int) -> None:
    response = member.post("/questions/ask", **{**WRITTEN, "title": "Which dock has three outputs?"})

    assert response.status_code == 303


def test_an_unsolved_thread_stops_nobody(member: Browser, database: Database, engine: MemoryEngine) -> None:
    with database.transaction() as session:
        make_answer(session, make_question(session, title=WRITTEN["title"]))
    Indexer(database, engine).reindex()

    assert member.post("/questions/ask", **WRITTEN).status_code == 303


def test_without_an_index_it_is_posted_at_once(
    member: Browser, engine: MemoryEngine, solved_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(query: SimilarQuery) -> tuple[Hit, ...]:
        raise SearchUnavailable("There is no search index.")

    monkeypatch.setattr(engine, "similar", away)

    assert member.post("/questions/ask", **WRITTEN).status_code == 303


def test_the_preview_shows_no_threads_and_forgets_nothing(member: Browser, solved_id: int) -> None:
    page = member.post("/questions/ask", **WRITTEN, preview="1", seen_similar="1", offered=str(solved_id))

    assert "already solve it" not in page.text
    assert (field_of(page, "seen_similar"), field_of(page, "offered")) == ("1", str(solved_id))


def test_what_is_sent_back_of_hidden_fields_is_of_our_making(member: Browser) -> None:
    page = member.post("/questions/ask", seen_similar="x" * 1000, offered="<b> 7 x")

    assert (field_of(page, "seen_similar"), field_of(page, "offered")) == ("1", "7")
