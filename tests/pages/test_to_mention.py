"""Whom somebody may want to mention: the people of the thread come first."""

from datetime import timedelta

from forum.core import clock
from forum.core.db import Database
from forum.core.markup.mentions import find_mentions, mention_key, mention_of
from forum.pages.people import to_mention
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.statements import recorded


def test_people_of_the_thread_come_first_and_the_latest_of_them_before(database: Database) -> None:
    with database.transaction() as session:
        later = clock.now() + timedelta(hours=1)
        make_user(session, name="Ada Famous", reputation=9_000)
        question = make_question(session, make_user(session, name="Ada Asker"))
        answer = make_answer(session, question, make_user(session, name="Ada Answers"))
        make_comment(session, answer, make_user(session, name="Ada Adds"), created_at=later)
        make_comment(session, answer, make_user(session, name="Bo Adds"))

    with recorded(database) as statements, database.reading() as session:
        found = to_mention(session, "ada", thread_id=question.id, limit=8)

    assert [person.name for person in found] == ["Ada Adds", "Ada Answers", "Ada Asker", "Ada Famous"]
    assert len(statements) == 3


def test_without_a_beginning_only_the_thread_is_meant(database: Database) -> None:
    with database.transaction() as session:
        make_user(session, name="Ada Famous")
        question = make_question(session, make_user(session, name="Bo Asker"))

    with database.reading() as session:
        assert [person.name for person in to_mention(session, "", thread_id=question.id, limit=8)] == [
            "Bo Asker"
        ]
        assert to_mention(session, "", thread_id=None, limit=8) == ()
        assert to_mention(session, "", thread_id=2**80, limit=8) == ()


def test_what_is_offered_is_a_mention_of_that_name() -> None:
    for name in ("Mary Member", "Dr. Jo-Ann O'Neil", "Zoë (IT)", "日本 太郎", "a.b.", "_x_"):
        assert find_mentions(f"Thanks @{mention_of(name)}.") == {mention_key(name)}
