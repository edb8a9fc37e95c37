"""The index in PostgreSQL: what it does when its tables are not as they should be, and between processes."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url

from forum.search.engine import SearchUnavailable, SimilarQuery
from forum.search.engines import postgres_reading, postgres_similar, postgres_terms
from forum.search.engines.postgres_tables import VERSION
from forum.search.syntax import parse
from tests.fixtures.postgres_server import administrate
from tests.search.postgres.databases import SEARCH_DATABASE, TidyEngine
from tests.search.threads import answer, thread

pytestmark = pytest.mark.postgres


@pytest.fixture
def engine() -> Iterator[TidyEngine]:
    engine = TidyEngine(SEARCH_DATABASE.url(), patience=0.3)
    with engine.rebuilding() as fresh:
        fresh.index(thread(number, f"Battery {number}", "It drains " * number) for number in range(1, 30))
    yield engine
    engine.close()


@pytest.fixture
def administrator(engine: TidyEngine) -> Iterator[Connection]:
    """Somebody who does to the tables what the engine would not."""
    with administrate(make_url(engine.url)) as connection:
        connection.execute(text(f"SET search_path TO {engine.schema}"))
        yield connection


def another(engine: TidyEngine, **choices: str) -> TidyEngine:
    """An engine of another process on the same index."""
    return TidyEngine(engine.url, schema=engine.schema, patience=0.3, **choices)


def tables(administrator: Connection, engine: TidyEngine) -> set[str]:
    found = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema")
    return set(administrator.scalars(found, {"schema": engine.schema}))


def generation(administrator: Connection) -> int:
    number: int = administrator.execute(text("SELECT generation FROM live")).scalar_one()
    return number


def test_opening_writes_nothing() -> None:
    with closing(SEARCH_DATABASE.open()) as engine:
        assert "askwell reindex" in (engine.needs_rebuild() or "")
        for ask in (engine.fingerprints, engine.count, engine.state, lambda: engine.search(parse("battery"))):
            with pytest.raises(SearchUnavailable, match="no search index yet"):
                ask()
        with pytest.raises(SearchUnavailable, match="no search index yet"):
            engine.index([thread(1)])
        with administrate(make_url(engine.url)) as connection:
            exists = text("SELECT to_regnamespace(:schema)")
            assert connection.scalar(exists, {"schema": engine.schema}) is None


def test_another_engine_sees_commits_and_rebuilds_at_its_next_search(engine: TidyEngine) -> None:
    other = another(engine)
    assert other.search(parse("battery")).total == 29
    engine.index([thread(50, "Battery 50")])
    assert other.search(parse("battery")).total == 30
    with engine.rebuilding() as fresh:
        fresh.index([thread(1, "Battery")])
    assert other.search(parse("battery")).total == 1
    other.index([thread(2, "Battery")])
    assert engine.search(parse("battery")).total == 2
    other.close()


def test_a_rebuild_leaves_the_tables_of_one_generation(engine: TidyEngine, administrator: Connection) -> None:
    for _ in range(2):
        with engine.rebuilding() as fresh:
            fresh.index([thread(1, "Battery")])
    number = generation(administrator)
    names = {f"{name}_{number}" for name in ("thread", "record", "term", "learned")}
    assert tables(administrator, engine) == {"live", *names}


@pytest.mark.parametrize("made_by", ["schema 0, language en", "nonsense"])
def test_an_index_made_otherwise_must_be_rebuilt(
    engine: TidyEngine, administrator: Connection, made_by: str
) -> None:
    administrator.execute(text("UPDATE live SET made_by = :made_by"), {"made_by": made_by})
    assert "another version" in (engine.needs_rebuild() or "")
    assert engine.unusable() == engine.needs_rebuild()
    with pytest.raises(SearchUnavailable, match="another version"):
        engine.search(parse("battery"))
    with pytest.raises(SearchUnavailable, match="another version"):
        engine.index([thread(1)])
    with engine.rebuilding() as fresh:
        fresh.index([thread(1, "Battery")])
    assert engine.needs_rebuild() is None
    assert engine.count() == 1


def test_a_site_in_another_language_needs_another_index(engine: TidyEngine) -> None:
    german = another(engine, language="de")
    assert "another version" in (german.needs_rebuild() or "")
    german.close()


@pytest.mark.parametrize("lost", ["thread", "record", "term"])
def test_a_lost_table_is_reported_and_mended_by_a_rebuild(
    engine: TidyEngine, administrator: Connection, lost: str
) -> None:
    administrator.execute(text(f"DROP TABLE {lost}_{generation(administrator)}"))
    assert "askwell reindex" in (engine.needs_rebuild() or "")
    with engine.rebuilding() as fresh:
        fresh.index([thread(1, "Battery")])
    assert engine.needs_rebuild() is None
    assert engine.search(parse("battery")).total == 1


def test_a_writer_that_waits_too_long_gives_up(engine: TidyEngine) -> None:
    other = another(engine)
    live = engine.state().threads
    is_held, is_over = threading.Event(), threading.Event()

    def hold() -> None:
        with other._connections.writing() as connection:
            other._connections.lock_writing(connection, other._live_tables(connection).generation)
            is_held.set()
            is_over.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(10)
    with pytest.raises(SearchUnavailable, match=r"has been writing to the search index for 0\.3 seconds"):
        engine.index([thread(99, "Battery")])
    assert engine.search(parse("battery")).total == live, "readers wait for no writer"
    is_over.set()
    holder.join()
    engine.index([thread(99, "Battery")])
    other.close()


def test_a_server_that_is_not_there_is_told_in_a_sentence() -> None:
    url = make_url(SEARCH_DATABASE.url()).set(database="nowhere").render_as_string(hide_password=False)
    engine = TidyEngine(url)
    assert "can't be used at the moment" in (engine.needs_rebuild() or "")
    engine._connections.close()


def test_a_search_that_takes_too_long_is_stopped(engine: TidyEngine) -> None:
    with (
        pytest.raises(SearchUnavailable, match="took too long"),
        engine._connections.reading(seconds=0.05) as connection,
    ):
        connection.execute(text("SELECT pg_sleep(5)"))
    assert engine.search(parse("battery")).total == 29


def test_a_search_can_not_write(engine: TidyEngine) -> None:
    with (
        pytest.raises(Exception, match="read-only transaction"),
        engine._connections.reading() as connection,
    ):
        connection.execute(text(f"DELETE FROM {engine.schema}.live"))


def counts(administrator: Connection) -> set[tuple[str, str, int, int]]:
    table = f"term_{generation(administrator)}"
    rows = administrator.execute(text(f"SELECT field, term, records, length FROM {table}"))
    return {(row.field, row.term, row.records, row.length) for row in rows if row.records}


def test_counts_of_terms_after_changes_are_those_of_a_rebuild(
    engine: TidyEngine, administrator: Connection
) -> None:
    last = [
        thread(1, "Scanner hums", "It's new", answers=(answer(11, "Oil the rollers"),)),
        thread(2, "Battery", "drains drains", code="x = 1"),
    ]
    engine.index([thread(1, "Battery", answers=(answer(11, "Buy one"), answer(12, "Or two")))])
    engine.index([thread(2, "Something else entirely"), thread(2, "And else again")])
    engine.remove(range(3, 30))
    engine.index(last)
    changed = counts(administrator)
    with engine.rebuilding() as fresh:
        fresh.index(last)
    assert changed == counts(administrator)


def test_it_tells_its_size(engine: TidyEngine) -> None:
    state = engine.state()
    assert state.threads == 29
    assert state.bytes > 50_000
    assert (state.segments, state.version) == (1, str(VERSION))


def test_it_gives_documents_back(engine: TidyEngine) -> None:
    document = thread(7, "Battery", answers=(answer(71, "Replace \ud800it"),), tags=("a\0b",))
    engine.index([document])
    assert list(engine.documents([7, 1_000])) == [document]
    assert [hit.thread_id for hit in engine.search(parse("[a\0b]")).hits] == [7]


def test_long_results_are_ranked_where_it_matters_and_paged_through(
    engine: TidyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_reading, "MOST_CANDIDATES", 10)
    filler = "it has been so since the last update " * 9
    engine.index([thread(number, "Untitled", f"The battery {filler}") for number in range(1, 25)])
    pages = [engine.search(parse("battery", page=page, limit=5)) for page in range(1, 7)]
    found = [hit.thread_id for page in pages for hit in page.hits]
    assert pages[0].total == 29
    assert sorted(found) == list(range(1, 30))
    assert set(found[:5]) == set(range(25, 30)), "those with the word in the title"


def test_similar_threads_are_sought_by_the_rarest_words_where_others_are_everywhere(
    engine: TidyEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_similar, "MOST_CANDIDATES", 10)
    engine.index([thread(40, "Screen flickers", "It drains the battery too")])
    hits = engine.similar(SimilarQuery("Battery drains and screen flickers", with_passages=False))
    assert hits[0].thread_id == 40
    assert len(engine.similar(SimilarQuery("battery", limit=20, with_passages=False))) == 10


def test_very_long_texts_are_found_by_what_is_at_their_beginning(engine: TidyEngine) -> None:
    # Long ones, so that a megabyte of terms is full soon.
    words = " ".join(f"measurement{number:020}" for number in range(30_000))
    engine.index([thread(60, "Log", f"Alpha beta {words} omega")])
    assert engine.search(parse(f'"alpha beta" measurement{500:020}')).total == 1
    assert engine.search(parse("omega")).total == 0


@pytest.mark.parametrize(
    "term", ["it's", "a\\b", "'", "\\", "''\\'", "a:1A", "x & !y | z <-> w", "\0", "\ud800"]
)
def test_a_term_is_a_term_whatever_is_in_it(engine: TidyEngine, term: str) -> None:
    vector = postgres_terms.vector({term: [0, 2], "next": [1]})
    query = postgres_terms.sequence([term, "next"])
    with engine._connections.reading() as connection:
        found = text("SELECT CAST(:vector AS tsvector) @@ CAST(:query AS tsquery)")
        assert connection.scalar(found, {"vector": vector, "query": query})
        count = text("SELECT length(CAST(:vector AS tsvector)), numnode(CAST(:query AS tsquery))")
        assert connection.execute(count, {"vector": vector, "query": query}).one() == (2, 3)
