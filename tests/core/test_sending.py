"""What is sent without waiting is done in its order; when it fails, nothing of its transaction is kept."""

import pytest
from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.core import clock
from forum.core.db import Database, open_database
from forum.core.sending import send, sending_connection
from forum.core.tables import Base
from tests.factories import make_user

PEOPLE = Base.metadata.tables[User.__tablename__]
ADD = insert(PEOPLE).inline()
MOVE = update(PEOPLE).where(PEOPLE.c.name == bindparam("who")).values(location=bindparam("to"))
LOCK = select(PEOPLE.c.id).where(PEOPLE.c.name == bindparam("who")).with_for_update()


def person(name: str) -> dict[str, object]:
    return {"name": name, "name_key": name, "created_at": clock.now()}


def places(session: Session) -> dict[str, str]:
    return {row.name: row.location for row in session.execute(select(User.name, User.location))}


def kept(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return places(session)


def test_what_is_sent_is_done_in_its_order_before_what_is_read(database: Database) -> None:
    with database.transaction() as session:
        send(session, ADD, person("ann"))
        send(session, MOVE, {"who": "ann", "to": "there"})
        assert places(session) == {"ann": "there"}
        send(session, ADD, [person("bob"), person("cy")])
        send(session, LOCK, {"who": "bob"})
        send(session, MOVE, {"who": "bob", "to": "here"})

    assert kept(database) == {"ann": "there", "bob": "here", "cy": ""}


def test_entities_see_what_was_sent(database: Database) -> None:
    with database.transaction() as session:
        send(session, ADD, person("ann"))
        ann = session.scalars(select(User)).one()
        ann.location = "there"
        session.flush()
        send(session, MOVE, {"who": "bob", "to": "nowhere"})

    assert kept(database) == {"ann": "there"}


def add_twice(session: Session) -> None:
    send(session, ADD, person("ann"))
    send(session, ADD, person("ann"))


def test_what_fails_is_told_at_the_commit_at_the_latest(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        add_twice(session)

    assert kept(database) == {}


def test_what_fails_is_told_before_anything_is_read(database: Database) -> None:
    def read_after_it() -> None:
        with database.transaction() as session:
            add_twice(session)
            places(session)
            pytest.fail("something was read")

    with pytest.raises(IntegrityError):
        read_after_it()

    assert kept(database) == {}


def test_a_savepoint_takes_back_only_what_was_sent_within(database: Database) -> None:
    with database.transaction() as session:
        send(session, ADD, person("bob"))
        with pytest.raises(IntegrityError), session.begin_nested():
            add_twice(session)
        send(session, MOVE, {"who": "bob", "to": "there"})

    assert kept(database) == {"bob": "there"}


def test_nothing_is_kept_when_the_action_fails_after_sending(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            send(session, ADD, person("ann"))
            raise KeyError

    for _ in range(3):
        with pytest.raises(KeyError):
            fail_half_way()

        assert kept(database) == {}


@pytest.mark.postgres
def test_a_connection_that_breaks_after_sending_is_replaced(postgres_url: str) -> None:
    database, other = open_database(postgres_url), open_database(postgres_url)

    def send_to_nobody() -> None:
        with database.transaction() as session:
            number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
            send(session, ADD, person("ann"))
            with other.transaction() as ending:
                end = text("SELECT pg_terminate_backend(:number, 5000)")
                ending.execute(end, {"number": number}).all()

    with pytest.raises(DBAPIError):
        send_to_nobody()
    other.dispose()

    assert kept(database) == {}
    with database.transaction() as session:
        send(session, ADD, person("bob"))
    assert kept(database) == {"bob": ""}
    database.dispose()


@pytest.mark.postgres
def test_reading_does_not_make_the_driver_forget_what_it_has_prepared(postgres_url: str) -> None:
    database = open_database(postgres_url)
    for _ in range(8):
        kept(database)
    with database.glancing() as connection:
        prepared = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars().all()
    database.dispose()

    assert any("location" in statement for statement in prepared)


def test_rows_can_be_read_one_after_the_other_behind_what_was_sent(database: Database) -> None:
    each = select(User.name).order_by(User.id).execution_options(yield_per=2)
    with database.transaction() as session:
        send(session, ADD, [person(name) for name in "abcde"])
        found = [list(session.scalars(each))]
    with database.reading() as session:
        found.append(list(session.scalars(each)))

    assert found == [list("abcde")] * 2


@pytest.mark.postgres
def test_a_glance_begins_no_transaction(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with database.glancing() as connection:
        connection.execute(select(User.id)).all()
        assert sending_connection(connection).info.transaction_status.name == "IDLE"
    with database.reading() as session:
        session.execute(select(User.id)).all()
        assert sending_connection(session.connection()).info.transaction_status.name == "INTRANS"
    database.dispose()


@pytest.mark.postgres
def test_transactions_say_what_they_need_whatever_the_server_is_set_to(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with database.reading() as session:
        levels = [session.execute(text("SHOW transaction_isolation")).scalar_one()]
    with database.transaction() as session:
        levels.append(session.execute(text("SHOW transaction_isolation")).scalar_one())
        make_user(session)
    database.dispose()

    assert levels == ["repeatable read", "read committed"]
