import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError

from forum.accounts.models import User
from forum.core import db
from forum.core.db import Database, open_database
from forum.core.errors import Misconfigured
from forum.posts.models import Post
from forum.tags.models import Tag
from tests.factories import make_question, make_user

MOMENT = datetime(2026, 2, 28, 23, 59, 59, 123456, tzinfo=UTC)


def people(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(User)).scalar_one()


def test_a_transaction_keeps_what_was_done_when_it_ends(database: Database) -> None:
    with database.transaction() as session:
        make_user(session)

    assert people(database) == 1


def test_a_transaction_keeps_nothing_when_it_raises(database: Database) -> None:
    def fail_half_way() -> None:
        with database.transaction() as session:
            make_user(session)
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()

    assert people(database) == 0


def test_a_session_for_reading_can_not_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reading() as session:
        make_user(session)

    assert people(database) == 0


def test_a_reader_sees_one_snapshot(database: Database) -> None:
    count = select(func.count()).select_from(User)
    with database.reading() as session:
        before = session.execute(count).scalar_one()
        with database.transaction() as other:
            make_user(other)

        assert session.execute(count).scalar_one() == before == 0
    assert people(database) == 1


def test_writing_is_possible_again_after_reading_on_the_same_connection(database: Database) -> None:
    for number in range(3):
        assert people(database) == number
        with database.transaction() as session:
            make_user(session)


def test_writers_at_the_same_instant_wait_for_each_other(database: Database) -> None:
    with database.transaction() as session:
        tag = Tag(name="beeps", created_at=MOMENT)
        session.add(tag)

    def add_one(_number: int) -> None:
        with database.transaction() as session:
            row = session.execute(select(Tag).with_for_update()).scalar_one()
            row.question_count += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add_one, range(40)))

    with database.reading() as session:
        assert session.execute(select(Tag.question_count)).scalar_one() == 40


@pytest.mark.parametrize(
    "moment",
    [
        MOMENT,
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2))),
    ],
    ids=str,
)
def test_a_moment_comes_back_as_it_went_in(database: Database, moment: datetime) -> None:
    with database.transaction() as session:
        make_user(session, created_at=moment)

    with database.reading() as session:
        kept = session.execute(select(User.created_at)).scalar_one()
    assert kept == moment
    assert kept.tzinfo is UTC


def test_moments_are_compared_as_moments(database: Database) -> None:
    with database.transaction() as session:
        make_user(session, created_at=MOMENT)
    in_tokyo = MOMENT.astimezone(timezone(timedelta(hours=9)))

    with database.reading() as session:
        assert session.scalars(select(User.id).where(User.created_at == in_tokyo)).all()
        assert not session.scalars(select(User.id).where(User.created_at > in_tokyo)).all()


def test_it_refuses_a_moment_without_a_time_zone(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.transaction() as session:
        make_user(session, created_at=datetime.fromisoformat("2026-01-01"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE post SET author_id = 4711",
        "UPDATE post SET kind = 'poem'",
        "UPDATE post SET title = NULL",
        'UPDATE "user" SET reputation = 0',
        "UPDATE \"user\" SET role = 'king'",
        "DELETE FROM tag",
        'DELETE FROM "user"',
        "INSERT INTO vote (post_id, value, cast_at) SELECT id, 2, created_at FROM post",
        "INSERT INTO question_tag SELECT * FROM question_tag",
    ],
)
def test_the_database_itself_refuses_what_must_not_be(database: Database, statement: str) -> None:
    with database.transaction() as session:
        make_question(session, make_user(session))

    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_it_refuses_a_database_in_memory(url: str) -> None:
    with pytest.raises(Misconfigured, match="SQLite needs a file"):
        open_database(url)


def test_a_server_that_does_not_answer_is_told_in_one_line() -> None:
    with pytest.raises(Misconfigured, match=r"^ASKWELL_DATABASE_URL: the database does not") as refused:
        open_database("postgresql://nobody:secret-word@127.0.0.1:1/nothing")

    assert "\n" not in refused.value.message
    assert "secret-word" not in refused.value.message


def test_sqlite_keeps_every_commit_and_lets_readers_go_on(sqlite_url: str, tmp_path: Path) -> None:
    database = open_database(sqlite_url)
    with database.writer.connect() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    with database.transaction() as session:
        make_user(session)
        assert people(database) == 0
    database.dispose()

    # The commits themselves are forced to the disk, see tests/core/test_sqlite_writers.py.
    assert modes == ["wal", 1, 1]
    assert (tmp_path / "askwell.db").exists()


@pytest.mark.postgres
def test_postgresql_is_reached_by_its_plain_address_too(postgres_url: str) -> None:
    database = open_database(postgres_url.replace("postgresql+psycopg://", "postgresql://"))
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(Post)).scalar_one() == 0
    database.dispose()


def test_writers_wait_for_each_other(sqlite_url: str) -> None:
    database = open_database(sqlite_url)

    def write(_number: int) -> None:
        with database.transaction() as session:
            make_user(session)
            time.sleep(0.003)

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(40)))

    assert people(database) == 40
    database.dispose()


@pytest.mark.postgres
def test_a_connection_that_broke_while_idle_is_replaced(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_FRESH_SECONDS", 0.0)
    database = open_database(postgres_url)
    break_connection(database, postgres_url)

    assert people(database) == 0
    database.dispose()


@pytest.mark.postgres
def test_one_that_broke_a_moment_ago_is_told_once(postgres_url: str) -> None:
    database = open_database(postgres_url)
    break_connection(database, postgres_url)
    with pytest.raises(OperationalError):
        people(database)

    assert people(database) == 0
    database.dispose()


def break_connection(database: Database, postgres_url: str) -> None:
    """Let the server end the connection that the database has used."""
    with database.reading() as session:
        number = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = open_database(postgres_url)
    with other.transaction() as session:
        session.execute(text("SELECT pg_terminate_backend(:number)"), {"number": number}).all()
    other.dispose()
