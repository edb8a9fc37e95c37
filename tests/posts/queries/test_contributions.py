from datetime import UTC, date, datetime, timedelta

from forum.core.db import Database, open_database
from forum.posts.models import Post, Revision
from forum.posts.queries.contributions import Contributions, contributions_by_day
from tests.factories import make_answer, make_comment, make_question, make_user
from tests.statements import plans, recorded

LATE = datetime(2026, 3, 4, 23, 59, 59, tzinfo=UTC)
"""In most of Europe and Asia this is the fifth of March already."""
EARLY = datetime(2026, 3, 5, tzinfo=UTC)


def _edit(post: Post, author_id: int, number: int, at: datetime) -> Revision:
    return Revision(
        post_id=post.id,
        number=number,
        author_id=author_id,
        created_at=at,
        source="x",
        title="x",
        tag_names="x",
    )


def test_it_counts_by_days_in_utc_in_one_statement(database: Database) -> None:
    with database.transaction() as session:
        somebody, other = make_user(session), make_user(session)
        theirs = make_question(session, other, created_at=EARLY)
        own = make_question(session, somebody, created_at=LATE)
        make_answer(session, theirs, somebody, created_at=EARLY)
        make_answer(session, theirs, somebody, created_at=EARLY + timedelta(hours=23))
        make_comment(session, theirs, somebody, created_at=LATE)
        session.add_all(
            [
                _edit(own, somebody.id, 1, LATE),
                _edit(own, other.id, 2, LATE),
                _edit(theirs, somebody.id, 2, EARLY),
            ]
        )

    with recorded(database) as statements, database.reading() as session:
        found = contributions_by_day(session, somebody.id, since=LATE)

    assert found == {
        date(2026, 3, 4): Contributions(questions=1, comments=1),
        date(2026, 3, 5): Contributions(answers=2, edits=1),
    }
    assert len(statements) == 1


def test_what_is_deleted_or_older_is_not_counted(database: Database) -> None:
    with database.transaction() as session:
        somebody = make_user(session)
        question = make_question(session, somebody, created_at=LATE - timedelta(seconds=1))
        make_question(session, somebody, created_at=LATE, deleted_at=EARLY)
        make_answer(session, question, somebody, created_at=LATE, deleted_at=EARLY)
        make_comment(session, question, somebody, created_at=LATE, deleted_at=EARLY)

    with database.reading() as session:
        assert contributions_by_day(session, somebody.id, since=LATE) == {}


def test_it_reads_no_more_than_the_person_wrote_in_that_time(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with recorded(database) as statements, database.reading() as session:
        contributions_by_day(session, 1, since=LATE)

    (plan,) = plans(database, statements)
    for index in ("post_author_id", "comment_author_id", "revision_edits_author_id"):
        assert f"ix_{index}_created_at (author_id=? AND created_at>?)" in plan
    assert "SCAN post" not in plan
