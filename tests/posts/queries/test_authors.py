from datetime import UTC, datetime, timedelta

import pytest

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.posts.queries import authors
from forum.posts.queries.authors import AuthoredOrder, AuthoredPost, TopTag
from tests.factories import make_answer, make_question, make_user

START = datetime(2026, 1, 1, tzinfo=UTC)
MODERATOR = Actor(id=10**6, name="Mo", role="moderator", reputation=1)


@pytest.mark.parametrize("order", list(AuthoredOrder))
def test_all_pages_together_hold_each_answer_once_in_order(database: Database, order: AuthoredOrder) -> None:
    with database.transaction() as session:
        author = make_user(session)
        for number in range(65):
            created_at = START + timedelta(hours=number // 2)
            make_answer(session, make_question(session), author, score=number % 4, created_at=created_at)
        author_id = author.id

    rows: list[AuthoredPost] = []
    cursor = None
    with database.reading() as session:
        while True:
            page = authors.answers_of(session, author_id, None, order, cursor)
            rows += page.rows
            cursor = authors.cursor_of(str(page.next), order=order) if page.next else None
            if cursor is None:
                break

    keys = [(row.key(order), row.id) for row in rows]
    assert keys == sorted(keys, reverse=True)
    assert len({row.id for row in rows}) == len(rows) == 65


@pytest.mark.parametrize(
    ("viewer", "questions", "answers"),
    [
        ("visitor", ["Shown question"], ["Shown question"]),
        ("author", ["Shown question", "Deleted question"], ["Shown question", "Shown question"]),
        (
            "moderator",
            ["Shown question", "Deleted question"],
            ["Shown question", "Shown question", "Deleted by others"],
        ),
    ],
)
def test_deleted_posts_are_listed_for_those_who_can_open_them(
    database: Database, viewer: str, questions: list[str], answers: list[str]
) -> None:
    with database.transaction() as session:
        author = make_user(session)
        shown = make_question(session, author, title="Shown question", score=2)
        make_question(session, author, title="Deleted question", score=1, deleted_at=START)
        make_answer(session, shown, author, score=3)
        make_answer(session, shown, author, score=2, deleted_at=START)
        others = make_question(session, title="Deleted by others", deleted_at=START)
        make_answer(session, others, author, score=1)
        who = Actor(id=author.id, name=author.name, role="member", reputation=1)
    eyes = {"visitor": None, "author": who, "moderator": MODERATOR}[viewer]

    with database.reading() as session:
        asked = authors.questions_of(session, who.id, eyes, AuthoredOrder.SCORE, None)
        answered = authors.answers_of(session, who.id, eyes, AuthoredOrder.SCORE, None)
        counts = authors.post_counts(session, who.id)

    assert [row.title for row in asked.rows] == questions
    assert [row.title for row in answered.rows] == answers
    assert [row.is_deleted for row in asked.rows] == [False, True][: len(questions)]
    assert counts == {"question": 1, "answer": 1}


def test_an_accepted_answer_is_marked(database: Database) -> None:
    with database.transaction() as session:
        author = make_user(session)
        make_answer(session, make_question(session, score=7), author, accepted=True)
        make_answer(session, make_question(session), author, score=-1)
        author_id = author.id

    with database.reading() as session:
        rows = authors.answers_of(session, author_id, None, AuthoredOrder.SCORE, None).rows

    assert [(row.score, row.is_accepted) for row in rows] == [(0, True), (-1, False)]


def test_top_tags_count_questions_and_answers_with_their_score(database: Database) -> None:
    with database.transaction() as session:
        author = make_user(session)
        make_question(session, author, tags=("wifi", "dock"), score=2)
        make_answer(session, make_question(session, tags=("dock",), score=50), author, score=5)
        make_question(session, author, tags=("gone",), score=9, deleted_at=START)
        author_id = author.id

    with database.reading() as session:
        found = authors.top_tags(session, author_id)

    assert found == (
        TopTag(name="dock", post_count=2, score=7),
        TopTag(name="wifi", post_count=1, score=2),
    )


def test_titles_of_posts_are_those_of_their_questions(database: Database) -> None:
    with database.transaction() as session:
        question = make_question(session, title="Why is it so?")
        answer = make_answer(session, question)
        hidden = make_answer(session, make_question(session, deleted_at=START))
        ids = (question.id, answer.id, hidden.id)

    with database.reading() as session:
        found = authors.titles_of(session, ids)

    assert [(found[id].title, found[id].is_answer, found[id].is_deleted) for id in ids[:2]] == [
        ("Why is it so?", False, False),
        ("Why is it so?", True, False),
    ]
    assert found[ids[2]].is_deleted
