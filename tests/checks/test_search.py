"""The index is compared with the database letter by letter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from forum.checks.run import check
from forum.checks.search import Search
from forum.core import clock, outbox
from forum.core.db import Database
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.search import stored
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.engines.whoosh_engine import WhooshEngine
from forum.search.indexer import Indexer
from forum.search.threads import ThreadDocument
from tests.factories import make_answer, make_question


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[WhooshEngine]:
    opened = WhooshEngine(tmp_path / "search", analyses_for("en"))
    yield opened
    opened.close()


@pytest.fixture
def ids(database: Database, engine: WhooshEngine) -> list[int]:
    """Three threads, which are in the index."""
    with database.transaction() as session:
        questions = [make_question(session, title="Why does it beep?") for _ in range(3)]
        make_answer(session, questions[0], text="Unplug it — twice.")
        ids = [question.id for question in questions]
    Indexer(database, engine).reindex()
    return ids


def differences(database: Database, family: Search) -> list[str]:
    found: list[str] = []
    check(database, [family], report=lambda one: found.append(str(one)), announce=lambda _name: None)
    return found


def test_an_index_that_says_what_the_database_says_has_no_difference(
    database: Database, engine: WhooshEngine, ids: list[int]
) -> None:
    told: list[tuple[int, int]] = []
    family = Search(database, engine, progress=lambda done, total: told.append((done, total)))
    assert differences(database, family) == []
    assert told == [(3, 3)]


def test_one_letter_that_changed_in_the_index_is_found_and_repaired(
    database: Database, engine: WhooshEngine, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = stored.pack

    def with_another_letter(document: ThreadDocument) -> bytes:
        return pack(replace(document, title=document.title.replace("beep", "beef")))

    with monkeypatch.context() as patch:
        patch.setattr(stored, "pack", with_another_letter)
        Indexer(database, engine).index_threads([ids[1]])
    assert list(Indexer(database, engine).stale_threads()) == [], "its fingerprint is right"

    family = Search(database, engine)
    expected = f"search.thread {ids[1]}: expected what the database says, found another content"
    assert differences(database, family) == [expected]
    family.repair(database)
    assert differences(database, family) == []
    assert next(iter(engine.documents([ids[1]]))).title == "Why does it beep?"


def test_too_much_too_little_and_another_wording_are_found_and_repaired(
    database: Database, engine: WhooshEngine, ids: list[int]
) -> None:
    renamed, missing, deleted = ids
    engine.remove([missing])
    with database.transaction() as session:
        session.execute(update(Post).where(Post.id == renamed).values(title="Why does it buzz?"))
        session.execute(update(Post).where(Post.id == deleted).values(deleted_at=clock.now()))

    family = Search(database, engine)
    assert [line.partition(":")[0] for line in differences(database, family)] == [
        f"search.thread {id}" for id in ids
    ]
    family.repair(database)
    assert differences(database, family) == []


def test_what_waits_in_the_outbox_is_no_difference(
    database: Database, engine: WhooshEngine, ids: list[int]
) -> None:
    with database.transaction() as session:
        session.execute(update(Post).where(Post.id == ids[0]).values(title="Why does it buzz?"))
        outbox.emit(session, ThreadChanged(ids[0]))
    assert differences(database, Search(database, engine)) == []


def test_an_index_without_documents_is_compared_by_its_fingerprints(
    database: Database, ids: list[int]
) -> None:
    engine = _WithoutDocuments(analyses_for("en"))
    Indexer(database, engine).reindex()
    family = Search(database, engine)
    assert differences(database, family) == []
    engine.remove([ids[0]])
    assert len(differences(database, family)) == 1


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # Whoosh forgets files it fails to read.
def test_an_index_that_turns_out_to_be_damaged_is_built_anew(
    database: Database, engine: WhooshEngine, ids: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "unpack", _refuse)
    monkeypatch.setattr("forum.search.engines.whoosh_health.log.disabled", True)
    family = Search(database, engine)
    (line,) = differences(database, family)
    assert line.startswith("search.index 0: expected an index that can be used")
    monkeypatch.undo()
    assert engine.unusable(), "the worker is told"
    family.repair(database)
    assert differences(database, family) == []


def _refuse(packed: bytes) -> ThreadDocument:
    raise ValueError(f"{len(packed)} bytes are no document")


class _WithoutDocuments(MemoryEngine):
    """An engine that keeps no documents."""

    # What a class without the method looks like.
    documents: Any = None
