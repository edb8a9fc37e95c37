from datetime import UTC, datetime

from forum.core.db import Database
from forum.pages import feeds, sitemaps
from forum.pages.sitemaps import Address, Kind, SitemapFile
from forum.posts.queries.lists import Order
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.statements import recorded

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_files_and_addresses_are_the_same_on_both_databases(database: Database) -> None:
    with database.transaction() as session:
        person = make_user(session, "Søren")
        made = [make_question(session, person, tags=("busy",), created_at=START) for _ in range(3)]

    with recorded(database) as statements, database.reading() as session:
        files = sitemaps.files(session)
        found = {kind: list(sitemaps.addresses(session, kind, 0)) for kind in Kind}

    assert len(statements) == 6
    assert files == (
        SitemapFile(Kind.QUESTIONS, 0, START),
        SitemapFile(Kind.TAGS, 0),
        SitemapFile(Kind.PEOPLE, 0),
    )
    assert found[Kind.QUESTIONS] == [Address(f"/questions/{row.id}/{row.slug}", START) for row in made]
    assert found[Kind.TAGS] == [Address("/tags/busy")]
    assert found[Kind.PEOPLE] == [Address(f"/users/{person.id}/soren")]


def test_feeds_are_the_same_on_both_databases(database: Database) -> None:
    with database.transaction() as session:
        person = make_user(session, "Søren")
        question = make_question(session, person, title="What is new?", created_at=START)
        answer = make_answer(session, question, person)
        comment = make_comment(session, answer, person)

    with recorded(database) as statements, database.reading() as session:
        active = feeds.questions(session, Order.ACTIVE)
        thread = feeds.thread(session, question.id)

    assert len(statements) == 5
    assert [entry.updated_at for entry in active.entries] == [answer.created_at]
    assert {entry.id for entry in thread.entries} == {
        f"/questions/{question.id}",
        f"/answers/{answer.id}",
        f"/answers/{answer.id}?comment={comment.id}",
    }
