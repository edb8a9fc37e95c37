from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from forum.accounts.models import User
from forum.core import clock
from forum.core.db import Database
from forum.posts.models import Post
from forum.web import activity as activity_module
from forum.web.activity import Activity
from tests.factories import make_question, make_user
from tests.web.browser import Browser


@pytest.fixture
def activity(database: Database) -> Iterator[Activity]:
    counting = Activity(database, interval=3600)
    yield counting
    counting.close()


@pytest.fixture
def question_id(database: Database) -> int:
    with database.transaction() as session:
        return make_question(session).id


def _views(database: Database, question_id: int) -> int:
    with database.reading() as session:
        return session.get_one(Post, question_id).view_count


def test_views_are_written_later(activity: Activity, database: Database, question_id: int) -> None:
    for visitor in ("ada", "grace"):
        activity.note_view(question_id, visitor=visitor)
    assert _views(database, question_id) == 0

    activity.flush()

    assert _views(database, question_id) == 2


def test_a_visitor_counts_once_in_a_while(
    activity: Activity, database: Database, question_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    for seconds in (0, 60, 840, 60, 900):
        now += seconds
        activity.note_view(question_id, visitor="ada")

    activity.flush()

    # The second view that counts comes after 960 seconds, the third 900 seconds later does not.
    assert _views(database, question_id) == 2


def test_what_is_remembered_is_bounded(
    activity: Activity, question_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity._lately, "limit", 3)
    monkeypatch.setattr(activity_module, "PENDING_LIMIT", 3)

    for number in range(100):
        activity.note_view(number, visitor="ada")
        activity.note_visit(number)
        activity.note_seen(number, 1, until=clock.now())

    assert len(activity._lately) <= 3
    assert len(activity._views) <= 3
    assert len(activity._visits) <= 3
    assert len(activity._seen) <= 3


def test_visits_are_written_later(activity: Activity, database: Database) -> None:
    with database.transaction() as session:
        user_id = make_user(session).id
    moment = clock.now() - timedelta(hours=1)

    with clock.frozen(moment):
        activity.note_visit(user_id)
    activity.flush()

    with database.reading() as session:
        assert session.get_one(User, user_id).last_seen_at == moment


def test_counts_survive_a_database_that_does_not_answer(
    activity: Activity, database: Database, question_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    activity.note_view(question_id, visitor="ada")
    activity.note_seen(7, question_id, until=clock.now())

    def fail() -> None:
        raise OperationalError("BEGIN", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", fail)
        activity.flush()
    assert list(activity.seen_by(7)) == [question_id]
    activity.flush()

    assert activity.seen_by(7) == {}
    assert _views(database, question_id) == 1


def test_a_question_that_is_gone_does_no_harm(
    activity: Activity, database: Database, question_id: int
) -> None:
    activity.note_view(4711, visitor="ada")
    activity.note_visit(4711)
    activity.note_view(question_id, visitor="ada")

    activity.flush()

    assert _views(database, question_id) == 1


def test_an_orderly_stop_writes_the_rest(database: Database, question_id: int) -> None:
    activity = Activity(database, interval=3600)
    activity.note_view(question_id, visitor="ada")

    activity.close()

    assert _views(database, question_id) == 1


def test_looking_at_a_question_counts_and_leaves_a_trace(
    app: Flask, member: Browser, visitor: Browser, database: Database, question_id: int
) -> None:
    for browser in (member, visitor, visitor):
        browser.get(f"/questions/{question_id}", follow_redirects=True)
    app.extensions["askwell"].activity.flush()

    assert _views(database, question_id) == 2
    with database.reading() as session:
        assert session.get_one(User, member.user_id).last_seen_at is not None
