"""The generated site: what is derived adds up, and it can be written to."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bench import site, threads
from bench.importing import write_dump
from bench.texts import Text, Texts
from forum.accounts.models import User
from forum.checks.posts import COMMENTS, POSTS
from forum.checks.questions import QUESTIONS
from forum.checks.reputation import REPUTATION
from forum.checks.run import check
from forum.checks.tags import TAGGED_QUESTIONS, TAGS
from forum.core.db import Database, open_database
from forum.posts.models import Comment, Post
from forum.votes.models import Vote
from tests.factories import make_question

QUESTIONS_MADE = 120
FAMILIES = (POSTS, COMMENTS, TAGS, TAGGED_QUESTIONS, QUESTIONS, REPUTATION)


@pytest.fixture(autouse=True)
def few_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what takes longest: reading and rendering the demo community."""
    text = Text("A dock.", "<p>A dock.</p>", "A dock.")
    texts = Texts(("Why does my laptop dock beep every minute?",), (text,), (text,), (text,))
    for module in (site, threads):
        monkeypatch.setattr(module, "read_texts", lambda: texts)


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    yield opened
    opened.dispose()


def test_everything_derived_adds_up(database: Database) -> None:
    generate(database)

    found: list[str] = []
    check(database, FAMILIES, report=lambda one: found.append(str(one)), announce=lambda _name: None)
    assert found == []


def test_it_has_the_proportions_that_other_software_was_measured_with(sqlite: Database) -> None:
    generate(sqlite)

    counts = {table: _count(sqlite, table) for table in (Post, Comment, Vote)}
    assert counts[Post] / QUESTIONS_MADE == pytest.approx(3.5, rel=0.35)
    assert counts[Comment] / QUESTIONS_MADE == pytest.approx(3.7, rel=0.5)
    assert counts[Vote] / QUESTIONS_MADE == pytest.approx(6.3, rel=0.35)


def test_somebody_can_earn_more_than_the_cap_of_a_day(database: Database) -> None:
    generate(database)

    with database.reading() as session:
        assert (session.scalar(select(func.max(User.reputation))) or 0) > 200


def test_questions_can_be_asked_afterwards(database: Database) -> None:
    generate(database)
    before = _count(database, Post)

    with database.transaction() as session:
        make_question(session)

    assert _count(database, Post) == before + 1


def test_a_dump_holds_the_first_threads(sqlite: Database, tmp_path: Path) -> None:
    generate(sqlite)

    posts = write_dump(sqlite, tmp_path, posts=50)

    assert posts == 50
    assert (tmp_path / "Posts.xml").read_text("utf-8").count("<row ") == 50
    assert "VoteTypeId" in (tmp_path / "Votes.xml").read_text("utf-8")


def generate(database: Database) -> site.Site:
    return site.generate(database, questions=QUESTIONS_MADE, say=lambda _step: None)


def _count(database: Database, table: type[Post | Comment | Vote]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
