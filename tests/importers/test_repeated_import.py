"""Importing more than once: the same dump, a later one, one of another site."""

import shutil
from pathlib import Path

from sqlalchemy import select

from forum.accounts.models import User
from forum.core.db import Database, open_database
from forum.posts.models import Post
from tests.factories import make_question, make_user
from tests.importers.conftest import Importing
from tests.importers.dumps import SMALL_DUMP, answer, comment, person, question, row_counts, vote, write_rows


def test_importing_twice_is_importing_once(database: Database, run_import: Importing, tmp_path: Path) -> None:
    run_import(SMALL_DUMP, database)
    counts = row_counts(database)

    again = run_import(SMALL_DUMP, database)
    shutil.rmtree(tmp_path / "data")
    without_staging = run_import(SMALL_DUMP, database)

    assert row_counts(database) == counts
    for report in (again, without_staging):
        assert {file.imported for file in report.files} == {0}
        assert {file.waiting for file in report.files} == {0}


def test_a_database_that_was_emptied_gets_everything_again(
    sqlite_database: Database, run_import: Importing, sqlite_template: Path, tmp_path: Path
) -> None:
    run_import(SMALL_DUMP, sqlite_database)
    shutil.copyfile(sqlite_template, tmp_path / "other.db")
    other = open_database(f"sqlite:///{tmp_path / 'other.db'}")

    run_import(SMALL_DUMP, other)

    assert row_counts(other) == row_counts(sqlite_database)
    other.dispose()


def test_a_later_dump_adds_only_what_is_new(
    database: Database, run_import: Importing, tmp_path: Path
) -> None:
    people = [person(1, Reputation=11), person(2)]
    write_rows(tmp_path / "old", "Users.xml", people)
    write_rows(tmp_path / "old", "Posts.xml", [question(1), question(3)])
    write_rows(tmp_path / "old", "Votes.xml", [vote(1, 1)])
    run_import(tmp_path / "old", database, host="repair.example.net")
    with database.transaction() as session:
        session.scalars(select(Post).where(Post.id == 1)).one().title = "Changed here"
    write_rows(tmp_path / "new", "Users.xml", [*people, person(9, Reputation=40)])
    write_rows(
        tmp_path / "new",
        "Posts.xml",
        [question(1, AcceptedAnswerId=5), question(3), answer(5, 1), question(7)],
    )
    write_rows(tmp_path / "new", "Votes.xml", [vote(1, 1), vote(2, 1), vote(3, 5), vote(4, 5, 1)])
    write_rows(tmp_path / "new", "Comments.xml", [comment(1, 3)])

    report = run_import(tmp_path / "new", database, host="repair.example.net")

    with database.reading() as session:
        first, third = (session.get_one(Post, id_) for id_ in (1, 3))
        added = session.scalars(select(Post).where(Post.question_id == 1)).one()
        reputations = {one.name: one.reputation for one in session.scalars(select(User))}
    assert (first.title, first.score, first.answer_count) == ("Changed here", 1, 1)
    assert first.accepted_answer_id == added.id
    assert (added.score, third.comment_count) == (0, 1)
    # 11 as before, +10 for the new vote and +2 for accepting; 1, +10 and +15; as the new dump says.
    assert reputations == {"User 1": 23, "User 2": 26, "User 9": 40}
    posts = next(file for file in report.files if file.file == "Posts.xml")
    assert (posts.imported, posts.present) == (2, 2)


def test_ids_are_kept_only_where_they_are_free(
    database: Database, run_import: Importing, tmp_path: Path
) -> None:
    write_rows(tmp_path / "first", "Posts.xml", [question(7), answer(9, 7)])
    write_rows(tmp_path / "second", "Posts.xml", [question(8), question(2**62)])

    run_import(tmp_path / "first", database, host="first.example.net")
    run_import(tmp_path / "second", database, host="second.example.net")

    with database.transaction() as session:
        assert sorted(session.scalars(select(Post.id))) == [7, 9, 10, 11]
        written_here = make_question(session, author=make_user(session, "Somebody"))
        assert written_here.id == 12


def test_two_sites_may_have_the_same_people(
    database: Database, run_import: Importing, tmp_path: Path
) -> None:
    for site in ("first", "second", "third"):
        write_rows(tmp_path / site, "Posts.xml", [question(7)])
        write_rows(tmp_path / site, "Users.xml", [person(1, DisplayName="Bo"), person(2, DisplayName="bo")])
        run_import(tmp_path / site, database, host=f"{site}.example.net")

    with database.reading() as session:
        assert len(set(session.scalars(select(User.name_key)))) == 6
