from datetime import UTC, date, datetime

import pytest

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.core.errors import Invalid, NotFound
from forum.pages import person
from forum.pages.person import Tab
from forum.posts.queries.authors import AuthoredOrder
from forum.reputation.models import ReputationDay, ReputationEntry
from tests.factories import make_answer, make_question, make_user
from tests.statements import recorded

START = datetime(2026, 1, 1, tzinfo=UTC)
ADMIN = Actor(id=10**6, name="Ad", role="admin", reputation=1)


@pytest.fixture
def person_id(database: Database) -> int:
    """Somebody with a question, 40 answers and a ledger."""
    with database.transaction() as session:
        somebody = make_user(session, "Some Body", reputation=31)
        question = make_question(session, somebody, score=2)
        gone = make_question(session, somebody, deleted_at=START)
        for number in range(40):
            make_answer(session, make_question(session), somebody, score=number % 3)
        for number, (post, points, change) in enumerate(
            [(question, 10, 10), (question, 10, 0), (gone, 10, 10)]
        ):
            session.add(
                ReputationEntry(
                    user_id=somebody.id,
                    cause="question upvoted",
                    subject=f"{post.id}/{number}",
                    turn=1,
                    is_reversal=False,
                    post_id=post.id,
                    points=points,
                    change=change,
                    earned_at=START,
                    earned_on=START.date(),
                    recorded_at=START,
                )
            )
        session.add(ReputationDay(user_id=somebody.id, day=date(2026, 1, 1), gain=30, floor=1))
        return somebody.id


@pytest.mark.parametrize(
    ("tab", "statements"),
    [
        (Tab.SUMMARY, 7),
        (Tab.QUESTIONS, 3),
        (Tab.ANSWERS, 3),
        (Tab.REPUTATION, 5),
        (Tab.BADGES, 3),
    ],
)
def test_each_tab_takes_a_fixed_number_of_statements(
    database: Database, person_id: int, tab: Tab, statements: int
) -> None:
    with recorded(database) as sent, database.reading() as session:
        page = person.load(session, None, person_id, tab, order=AuthoredOrder.SCORE, at=None)

    assert len(sent) == statements
    assert (page.question_count, page.answer_count) == (1, 40)


def test_the_summary_shows_the_best(database: Database, person_id: int) -> None:
    with database.reading() as session:
        page = person.load(session, None, person_id, Tab.SUMMARY, order=AuthoredOrder.SCORE, at=None)

    assert page.summary is not None
    assert [row.score for row in page.summary.answers] == [2, 2, 2, 2, 2]
    assert [row.score for row in page.summary.questions] == [2]
    assert page.summary.graph is not None


def test_the_ledger_comes_with_the_titles_of_its_posts(database: Database, person_id: int) -> None:
    with database.reading() as session:
        page = person.load(session, None, person_id, Tab.REPUTATION, order=AuthoredOrder.SCORE, at=None)

    assert page.ledger is not None
    assert [(line.points, line.change) for line in page.ledger.lines.rows] == [(10, 10), (10, 0), (10, 10)]
    assert sorted(title.is_deleted for title in page.ledger.titles.values()) == [False, True]


def test_only_administrators_may_give_unclaimed_accounts_away(database: Database, person_id: int) -> None:
    with database.transaction() as session:
        claimed = make_user(session)
        claimed.password_hash = "hash"
        claimed_id = claimed.id
    moderator = Actor(id=10**6, name="Mo", role="moderator", reputation=1)

    def may_issue(viewer: Actor | None, user_id: int) -> bool:
        with database.reading() as session:
            page = person.load(session, viewer, user_id, Tab.BADGES, order=AuthoredOrder.SCORE, at=None)
        return page.may_issue_claim

    assert may_issue(ADMIN, person_id)
    assert not may_issue(ADMIN, claimed_id)
    assert not may_issue(moderator, person_id)
    assert not may_issue(None, person_id)


@pytest.mark.parametrize("tab", [Tab.QUESTIONS, Tab.ANSWERS, Tab.REPUTATION])
def test_it_refuses_cursors_that_no_page_has_given_out(database: Database, person_id: int, tab: Tab) -> None:
    with database.reading() as session, pytest.raises(Invalid):
        person.load(session, None, person_id, tab, order=AuthoredOrder.SCORE, at="nonsense")


def test_it_finds_nobody_where_nobody_is(database: Database) -> None:
    with database.reading() as session, pytest.raises(NotFound):
        person.load(session, None, 7, Tab.SUMMARY, order=AuthoredOrder.SCORE, at=None)
