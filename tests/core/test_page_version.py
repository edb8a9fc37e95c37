"""The version of what pages show: it moves with every commit that can be seen, and with no other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.orm import Session

from forum.accounts import actions as accounts
from forum.accounts.models import LoginSession, User
from forum.core import clock, page_version
from forum.core.db import Database
from forum.posts.actions import viewing
from forum.posts.models import Post
from tests.factories import make_question, make_user


def version(database: Database) -> int:
    with database.reading() as session:
        return page_version.current(session)


SEEN: dict[str, Callable[[Session], object]] = {
    "a new row of an entity": lambda session: make_user(session),
    "an update": lambda session: session.execute(update(User).values(location="Here")),
    "many rows": lambda session: session.execute(
        insert(User),
        [{"name": n, "name_key": n, "created_at": clock.now()} for n in ("a1", "b2")],
    ),
    "a deletion": lambda session: session.execute(delete(Post).where(Post.id == 0)),
    "words of SQL": lambda session: session.execute(text("UPDATE tag SET excerpt = '' WHERE id = 0")),
    "an entity that changes": lambda session: setattr(session.get_one(User, 1), "location", "There"),
    "what is outside": page_version.move,
}
UNSEEN: dict[str, Callable[[Session], object]] = {
    "nothing": lambda session: None,
    "reading": lambda session: session.get(User, 1),
    "signing in": lambda session: accounts.open_session(session, 1),
    "signing out": lambda session: session.execute(delete(LoginSession)),
    "looking": lambda session: viewing.count_views(session, {1: 3}),
    "being there": lambda session: accounts.touch(session, {1: clock.now() + timedelta(days=1)}),
}


@pytest.fixture(autouse=True)
def thread(database: Database) -> None:
    with database.transaction() as session:
        make_question(session, make_user(session))


@pytest.mark.parametrize("write", SEEN.values(), ids=SEEN)
def test_it_moves_with_what_can_be_seen(database: Database, write: Callable[[Session], object]) -> None:
    before = version(database)

    with database.transaction() as session:
        write(session)
        assert version(database) == before

    assert version(database) == before + 1


@pytest.mark.parametrize("write", UNSEEN.values(), ids=UNSEEN)
def test_it_stays_with_what_nobody_sees(database: Database, write: Callable[[Session], object]) -> None:
    before = version(database)

    with database.transaction() as session:
        write(session)

    assert version(database) == before


def test_it_stays_when_nothing_is_kept_and_does_not_move_for_the_next_one(database: Database) -> None:
    before = version(database)

    def fail_half_way() -> None:
        with database.transaction() as session:
            make_user(session)
            raise KeyError

    for _ in range(3):
        with pytest.raises(KeyError):
            fail_half_way()
        with database.transaction() as session:
            accounts.open_session(session, 1)

    assert version(database) == before


def test_a_reader_sees_the_version_of_its_snapshot(database: Database) -> None:
    with database.reading() as session:
        before = page_version.current(session)
        with database.transaction() as other:
            make_user(other)
        assert page_version.current(session) == before

    assert version(database) == before + 1


def test_no_commit_of_many_at_once_is_missed(database: Database) -> None:
    before = version(database)

    def write(_number: int) -> None:
        with database.transaction() as session:
            make_user(session)

    with ThreadPoolExecutor(8) as people:
        list(people.map(write, range(40)))

    assert version(database) == before + 40
