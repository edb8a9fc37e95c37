from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select, text

from forum.core.db import Database, open_database
from forum.core.errors import Invalid
from forum.core.paging import Cursor, Key, Page
from forum.posts.queries import lists
from forum.posts.queries.lists import Order, QuestionRow, Unanswered
from forum.tags.models import Tag
from tests.factories import make_answer, make_question, make_user
from tests.statements import plans, recorded

START = datetime(2026, 1, 1, tzinfo=UTC)
COUNT = 70


@pytest.fixture
def filled(database: Database) -> Database:
    """Questions with many equal scores and equal times, every seventh of them deleted."""
    with database.transaction() as session:
        author = make_user(session, "Ann Author", reputation=120)
        for number in range(COUNT):
            make_question(
                session,
                author,
                title=f"Question number {number} of many",
                tags=("wifi", "even") if number % 2 == 0 else ("wifi",),
                score=number % 5,
                created_at=START + timedelta(hours=number // 3),
                deleted_at=START + timedelta(days=9) if number % 7 == 0 else None,
            )
    return database


@pytest.mark.parametrize("order", list(Order))
def test_walking_forwards_meets_every_visible_question_once_in_order(filled: Database, order: Order) -> None:
    pages = _walk(filled, order)
    rows = [row for page in pages for row in page.rows]

    keys = [(row.key(order), row.id) for row in rows]
    assert keys == sorted(keys, reverse=True)
    assert {row.title for row in rows} == {
        f"Question number {number} of many" for number in range(COUNT) if number % 7
    }
    assert len(rows) == len({row.id for row in rows})
    assert len(pages) == 2


@pytest.mark.parametrize("order", list(Order))
def test_walking_back_meets_the_same_pages(filled: Database, order: Order) -> None:
    forwards = _walk(filled, order)
    back = [forwards[-1]]
    with filled.reading() as session:
        while back[-1].previous is not None:
            back.append(lists.questions(session, order, back[-1].previous))

    assert [page.rows for page in reversed(back)] == [page.rows for page in forwards]
    assert back[-1].previous is None


def test_cursors_survive_the_address_line(filled: Database) -> None:
    for order in Order:
        page = _walk(filled, order)[0]

        assert lists.cursor_of(str(page.next), order=order) == page.next


@pytest.mark.parametrize("text", ["x", "W10", "WzEsMiwwXQ", "W3sidCI6IjIwMjYifSwxLDBd"])
def test_it_refuses_cursors_that_no_page_has_given_out(text: str) -> None:
    with pytest.raises(Invalid):
        lists.cursor_of(text, order=Order.ACTIVE)


def test_a_row_says_who_did_what_last(database: Database) -> None:
    with database.transaction() as session:
        asker, answerer = make_user(session, "Ann", reputation=7), make_user(session, "Ben")
        question = make_question(session, asker, tags=("wifi", "dock"), created_at=START)
        make_answer(
            session, question, answerer, score=2, accepted=True, created_at=START + timedelta(hours=1)
        )

    with database.reading() as session:
        (row,) = lists.questions(session, Order.ACTIVE, None).rows

    assert (row.author_name, row.author_reputation) == ("Ann", 7)
    assert (row.active_by_name, row.active_kind, row.active_at) == (
        "Ben",
        "answered",
        START + timedelta(hours=1),
    )
    assert row.tags == ("wifi", "dock")
    assert (row.answer_count, row.has_accepted, row.is_closed) == (1, True, False)


def test_a_question_of_a_lost_account_keeps_its_name(database: Database) -> None:
    with database.transaction() as session:
        make_question(session, None)

    with database.reading() as session:
        (row,) = lists.questions(session, Order.NEWEST, None).rows

    assert (row.author_id, row.author_name, row.author_reputation) == (None, "Somebody", None)


@pytest.mark.parametrize(
    ("lacking", "titles"),
    [
        (Unanswered.NONE, ["Has nothing at all"]),
        (Unanswered.ACCEPTED, ["Has an upvoted answer", "Has an answer only", "Has nothing at all"]),
        (Unanswered.UPVOTED, ["Has an answer only", "Has nothing at all"]),
    ],
)
def test_unanswered_questions_of_each_kind(
    database: Database, lacking: Unanswered, titles: list[str]
) -> None:
    with database.transaction() as session:
        author = make_user(session)
        make_question(session, author, title="Has nothing at all", created_at=START)
        answered = make_question(session, author, title="Has an answer only", created_at=START + timedelta(1))
        make_answer(session, answered, author)
        upvoted = make_question(
            session, author, title="Has an upvoted answer", created_at=START + timedelta(2)
        )
        make_answer(session, upvoted, author, score=1)
        solved = make_question(
            session, author, title="Has an accepted answer", created_at=START + timedelta(3)
        )
        make_answer(session, solved, author, score=1, accepted=True)
        make_question(session, author, title="Was deleted", deleted_at=START)

    with database.reading() as session:
        page = lists.unanswered(session, lacking, None)

    assert [row.title for row in page.rows] == titles


@pytest.mark.parametrize("question_count", [1, 1_000], ids=["collected", "walked"])
@pytest.mark.parametrize("order", list(Order))
def test_a_tag_has_its_own_visible_questions(filled: Database, order: Order, question_count: int) -> None:
    with filled.reading() as session:
        tag_id = session.scalars(select(Tag.id).where(Tag.name == "even")).one()
        page = lists.tagged(session, tag_id, order, None, question_count=question_count, latest_id=1_000)
        rest = lists.tagged(session, tag_id, order, page.next, question_count=question_count, latest_id=1_000)

    rows = [*page.rows, *rest.rows] if page.next else list(page.rows)
    assert {row.title for row in rows} == {
        f"Question number {number} of many" for number in range(0, COUNT, 2) if number % 7
    }
    keys = [(row.key(order), row.id) for row in rows]
    assert keys == sorted(keys, reverse=True)


def test_activity_of_a_tag_has_full_pages_and_the_same_ones_on_the_way_back(filled: Database) -> None:
    # Three questions share each moment, and every seventh was deleted.
    with filled.reading() as session:
        tag_id = session.scalars(select(Tag.id).where(Tag.name == "wifi")).one()
        tagged = partial(lists.tagged, session, tag_id, Order.ACTIVE, question_count=60, latest_id=1_000)
        first = tagged(None)
        second = tagged(first.next)
        back = tagged(second.previous)

    assert [first.rows, second.rows] == [page.rows for page in _walk(filled, Order.ACTIVE)]
    assert (len(first.rows), len(second.rows)) == (30, 30)
    assert back.rows == first.rows
    assert (back.previous, second.next) == (None, None)


def test_titles_come_in_the_order_asked_for_and_without_deleted_ones(database: Database) -> None:
    with database.transaction() as session:
        first, second = make_question(session), make_question(session)
        gone = make_question(session, deleted_at=START)
        ids = (first.id, second.id, gone.id)

    with database.reading() as session:
        found = lists.titles(session, [ids[1], ids[2], 10**9, ids[0]])

    assert [title.id for title in found] == [ids[1], ids[0]]


@pytest.mark.parametrize("order", list(Order))
def test_each_list_is_one_statement_that_walks_an_index(sqlite_url: str, order: Order) -> None:
    database = open_database(sqlite_url)
    somewhere = Cursor(key=_key(order), id=5)
    with recorded(database) as statements, database.reading() as session:
        lists.questions(session, order, None)
        lists.questions(session, order, somewhere)
        lists.tagged(session, 1, order, somewhere, question_count=1_000, latest_id=1_000)

    assert len(statements) == 3
    *of_all, of_tag = plans(database, statements)
    for plan in of_all:
        assert "ix_post_visible_question_" in plan
        assert "TEMP B-TREE" not in plan
    assert ("ix_question_tag_" if order is Order.ACTIVE else "ix_post_visible_question_") in of_tag
    assert "TEMP B-TREE" not in of_tag
    database.dispose()


def test_questions_without_answers_have_an_index_of_their_own(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.transaction() as session:
        for number in range(20):
            question = make_question(session)
            if number:
                make_answer(session, question)
        # Only by its statistics does SQLite know which of two indexes is the shorter one.
        session.execute(text("ANALYZE"))
    with recorded(database) as statements, database.reading() as session:
        lists.unanswered(session, Unanswered.NONE, Cursor(key=START, id=5))

    (plan,) = plans(database, statements)
    assert "ix_post_unanswered" in plan
    assert "TEMP B-TREE" not in plan
    database.dispose()


def test_a_rare_tag_is_read_through_its_own_index(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with recorded(database) as statements, database.reading() as session:
        lists.tagged(session, 1, Order.HOT, None, question_count=3, latest_id=1_000)

    (plan,) = plans(database, statements)
    assert "COVERING INDEX ix_question_tag_tag_id_active_at_question_id (tag_id=?)" in plan
    database.dispose()


def test_activity_of_a_tag_is_read_in_its_order_forwards_and_back(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with recorded(database) as statements, database.reading() as session:
        for cursor in (None, Cursor(key=START, id=5), Cursor(key=START, id=5, backwards=True)):
            lists.tagged(session, 1, Order.ACTIVE, cursor, question_count=3, latest_id=1_000)

    for plan in plans(database, statements):
        assert "COVERING INDEX ix_question_tag_tag_id_active_at_question_id (tag_id=?" in plan
        assert "TEMP B-TREE" not in plan
    database.dispose()


def _walk(database: Database, order: Order) -> list[Page[QuestionRow]]:
    with database.reading() as session:
        pages = [lists.questions(session, order, None)]
        while pages[-1].next is not None:
            pages.append(lists.questions(session, order, pages[-1].next))
    return pages


def _key(order: Order) -> Key:
    keys: dict[Order, Key] = {Order.ACTIVE: START, Order.NEWEST: START, Order.HOT: 1.5, Order.SCORE: 3}
    return keys[order]
