import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.badges.models import BadgeAward
from forum.core.db import Database
from forum.core.outbox import Job
from forum.importers.stackexchange.refusal import RefusedDump
from forum.importers.stackexchange.report import Report
from forum.posts.models import Comment, Post, QuestionLink, Revision
from forum.reputation.models import ReputationEntry
from forum.reputation.queries import standing_of
from forum.reputation.rules import replay
from forum.tags.models import Tag, TagSynonym
from forum.votes.models import Vote
from tests.factories import make_question, make_user
from tests.importers.conftest import Importing
from tests.importers.dumps import SMALL_DUMP, answer, comment, question, row_counts, write_rows


def post(session: Session, id_: int) -> Post:
    return session.scalars(select(Post).where(Post.id == id_)).one()


def user(session: Session, name_key: str) -> User:
    return session.scalars(select(User).where(User.name_key == name_key)).one()


def reasons(report: Report) -> list[str]:
    lines = report.path.read_text("utf-8").splitlines()
    return [
        f"{row['file']}:{row['line']} {row['outcome']}: {row['reason']}" for row in map(json.loads, lines)
    ]


def test_it_brings_in_everything_that_a_dump_holds(database: Database, run_import: Importing) -> None:
    report = run_import(SMALL_DUMP, database)

    assert (report.origin, report.host) == ("repair.example.net", "repair.example.net")
    with database.reading() as session:
        asked, answered, other = post(session, 10), post(session, 11), post(session, 12)
        ada, third = user(session, "adaverne"), user(session, "bo#3")
        assert (asked.title, asked.tag_names, asked.view_count) == (
            "The dock drops its second screen", "docks displayport", 345,
        )  # fmt: skip
        assert (asked.author_id, asked.accepted_answer_id, asked.answer_count) == (ada.id, 11, 2)
        assert asked.accepted_at == datetime(2020, 1, 3, tzinfo=UTC)
        assert (asked.upvoted_answer_count, asked.comment_count) == (1, 1)
        assert (asked.created_at, asked.active_at) == (
            datetime(2020, 1, 1, 9, tzinfo=UTC), datetime(2020, 1, 3, 9, tzinfo=UTC),
        )  # fmt: skip
        assert (asked.active_kind, asked.active_by_id) == ("edited", ada.id)
        assert (answered.author_id, answered.score, answered.base_score) == (third.id, 3, 1)
        assert (answered.edited_at, answered.editor_id) == (datetime(2020, 1, 3, 9, tzinfo=UTC), ada.id)
        assert (other.author_id, other.author_name, other.score) == (None, "gone42", -1)
        assert session.scalars(select(BadgeAward.level).order_by(BadgeAward.id)).all() == ["bronze", "gold"]


def test_scores_are_the_votes_and_what_they_don_t_explain(database: Database, run_import: Importing) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        votes = session.execute(
            select(Vote.post_id, Vote.value, Vote.user_id, Vote.cast_at).order_by(Vote.id)
        ).all()
        second = user(session, "bo").id
        for found in session.scalars(select(Post)):
            assert found.score == found.base_score + sum(
                vote.value for vote in votes if vote.post_id == found.id
            )
    assert [(row.post_id, row.value, row.user_id) for row in votes] == [
        (10, 1, None), (10, 1, None), (11, 1, None), (11, 1, second), (12, -1, None),
    ]  # fmt: skip
    assert votes[0].cast_at == datetime(2020, 1, 1, tzinfo=UTC)


def test_links_between_posts_lead_to_their_new_places(database: Database, run_import: Importing) -> None:
    with database.transaction() as session:
        make_question(session, author=make_user(session, "Somebody"))

    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        local = {title: id_ for id_, title in session.execute(select(Post.id, Post.title)) if title}
        asked, closed = (
            local["The dock drops its second screen"],
            local["Firmware update fails with error 0x5"],
        )
        accepted = post(session, asked).accepted_answer_id
        last = post(session, local["Where do I find the serial number"])
        ada = user(session, "adaverne")
    assert f'<a href="/answers/{accepted}">this answer</a>' in _html(database, closed)
    assert f'<a href="/questions/{closed}">the other one</a>' in last.html
    assert f'<a href="/users/{ada.id}">Ada</a>' in last.html
    assert '<a href="/tags/docks">docks</a>' in last.html
    assert "https://repair.example.net/help" in last.html
    assert ada.about_source == f"I repair *laptops*; see [my question](/questions/{asked})."


def test_a_closed_duplicate_names_its_original(database: Database, run_import: Importing) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        closed = post(session, 14)
        links = session.execute(select(QuestionLink.from_id, QuestionLink.to_id, QuestionLink.kind)).all()
    assert closed.closed_at == datetime(2020, 2, 5, 9, tzinfo=UTC)
    assert (closed.closed_reason, closed.duplicate_of_id) == ("duplicate", 10)
    assert sorted(map(tuple, links)) == [(10, 14, "mention"), (14, 10, "duplicate")]


def test_revisions_are_those_of_the_history(database: Database, run_import: Importing) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        second, third, ada = user(session, "bo"), user(session, "bo#3"), user(session, "adaverne")
        found = session.scalars(
            select(Revision).where(Revision.post_id == 11).order_by(Revision.number)
        ).all()
        answered = post(session, 11)
        first = session.scalars(select(Revision).where(Revision.post_id == 10)).one()
        without_history = session.scalars(select(Revision).where(Revision.post_id == 15)).one()
    assert [(row.number, row.author_id, row.summary, row.rolled_back_to) for row in found] == [
        (1, third.id, "", None),
        (2, second.id, "shorter", None),
        (3, third.id, "Rolled back", 1),
        (4, ada.id, "how to", None),
    ]
    assert [row.source for row in found[:3]] == [
        "Update the **firmware**.",
        "Update.",
        "Update the **firmware**.",
    ]
    # The author's own Markdown is kept, but for the link.
    assert found[3].source == answered.source
    assert "```bash\nfwupdmgr refresh" in answered.source
    assert "[this question](/questions/14)" in answered.source
    assert answered.revision_count == 4
    assert (first.title, first.tag_names) == ("The dock drops its second screen", "docks displayport")
    assert without_history.source.startswith("See [the other one](/questions/14)")
    assert without_history.tag_names == "docks firmware"


def test_comments_keep_their_score_and_mention_people(database: Database, run_import: Importing) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        first, second = session.scalars(select(Comment).order_by(Comment.id)).all()
        ada = user(session, "adaverne")
        noted = session.scalars(select(Revision).where(Revision.comment_id == first.id)).one()
    assert (first.score, first.base_score, first.post_id) == (2, 2, 10)
    assert f'<a href="/users/{ada.id}" class="mention">@AdaVerne</a>' in first.html
    assert '<a href="/answers/12">https://repair.example.net/a/12</a>' in first.html
    assert noted.source == first.source
    assert (second.author_id, second.author_name) == (None, "gone7")


def test_reputation_is_a_ledger_that_ends_at_the_dump_s_figure(
    database: Database, run_import: Importing
) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        people = {person.name_key: person for person in session.scalars(select(User))}
        for one in people.values():
            assert replay(standing_of(session, one.id)) == one.reputation
        difference = session.scalars(
            select(ReputationEntry).where(ReputationEntry.cause == "reconciled at import")
        ).one()
    assert {key: one.reputation for key, one in people.items()} == {
        "community": 1, "adaverne": 126, "bo": 1, "bo#3": 36, "admin#4": 1, "user5": 1,
    }  # fmt: skip
    assert difference.points == 126 - 23
    assert difference.note == "The dump of repair.example.net says 126; its votes add up to 23."


def test_people_can_t_sign_in_and_have_no_rights(database: Database, run_import: Importing) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        people = session.scalars(select(User)).all()
    assert {(one.password_hash, one.email, one.role) for one in people} == {(None, None, "member")}
    assert "admin" not in {one.name_key for one in people}


def test_tags_have_their_wikis_and_synonyms(database: Database, run_import: Importing) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        tags = {tag.name: tag for tag in session.scalars(select(Tag))}
        synonyms = session.execute(select(TagSynonym.name, TagSynonym.tag_id)).all()
    assert {name: tag.question_count for name, tag in tags.items()} == {
        "docks": 2,
        "displayport": 1,
        "firmware": 2,
    }
    assert tags["docks"].excerpt == "Boxes that give a laptop more ports."
    assert tags["docks"].description_source == "Questions about *docks*, such as [this](/questions/10)."
    assert "<em>docks</em>" in tags["docks"].description_html
    assert [tuple(row) for row in synonyms] == [("docking-station", tags["docks"].id)]


def test_the_report_accounts_for_every_row(database: Database, run_import: Importing) -> None:
    report = run_import(SMALL_DUMP, database)

    assert all(file.waiting == 0 for file in report.files)
    assert {file.file: (file.read, file.imported, file.skipped) for file in report.files} == {
        "Users.xml": (6, 6, 0),
        "Tags.xml": (3, 3, 0),
        "TagSynonyms.xml": (2, 1, 1),
        "Posts.xml": (9, 7, 2),
        "Comments.xml": (4, 2, 2),
        "Votes.xml": (9, 6, 3),
        "PostLinks.xml": (4, 2, 2),
        "PostHistory.xml": (9, 8, 1),
        "Badges.xml": (3, 2, 1),
    }
    assert sum(" skipped: " in line for line in reasons(report)) == sum(file.skipped for file in report.files)
    assert "Posts.xml:8 skipped: it answers question 77, which is not in the dump or was skipped" in reasons(
        report
    )


def test_every_thread_is_to_be_indexed(database: Database, run_import: Importing) -> None:
    run_import(SMALL_DUMP, database)

    with database.reading() as session:
        assert set(session.scalars(select(Job.subject_id).where(Job.queue == "search"))) == {10, 14, 15}


def test_a_dry_run_changes_nothing(database: Database, run_import: Importing) -> None:
    report = run_import(SMALL_DUMP, database, is_dry_run=True)

    assert set(row_counts(database).values()) == {0}
    posts = next(file for file in report.files if file.file == "Posts.xml")
    assert (posts.read, posts.waiting, posts.skipped) == (9, 7, 2)
    assert "Votes.xml:11 skipped: a bookmark is not kept" in reasons(report)


def test_posts_alone_are_enough(database: Database, run_import: Importing, tmp_path: Path) -> None:
    write_rows(tmp_path / "posts", "Posts.xml", [question(1, Score=4), answer(2, 1, OwnerDisplayName="Ada")])

    report = run_import(tmp_path / "posts", database)

    with database.reading() as session:
        asked, answered = post(session, 1), post(session, 2)
    assert (asked.author_name, answered.author_name) == ("user1", "Ada")
    assert (asked.score, asked.base_score) == (4, 4)
    assert (report.origin, report.host) == ("posts", None)


def test_an_accepted_answer_of_another_question_is_dropped(
    sqlite_database: Database, run_import: Importing, tmp_path: Path
) -> None:
    posts = [
        question(1, AcceptedAnswerId=4),
        question(2, AcceptedAnswerId=2),
        answer(4, 2),
        answer(5, 6),
        answer(6, 5),
    ]
    write_rows(tmp_path / "dump", "Posts.xml", posts)

    report = run_import(tmp_path / "dump", sqlite_database)

    with sqlite_database.reading() as session:
        assert session.scalars(select(Post.id).where(Post.accepted_answer_id.is_not(None))).all() == []
        assert session.scalars(select(Post.id).order_by(Post.id)).all() == [1, 2, 4]
    assert [line.split(" ", 1)[1] for line in reasons(report)] == [
        "repaired: the accepted answer 4 is no answer to this question: dropped",
        "repaired: the accepted answer 2 is no answer to this question: dropped",
        "skipped: it answers post 6, which is not a question",
        "skipped: it answers post 5, which is not a question",
    ]


def test_the_first_of_two_rows_with_one_id_wins(
    sqlite_database: Database, run_import: Importing, tmp_path: Path
) -> None:
    write_rows(
        tmp_path / "dump", "Posts.xml", [question(1, Title="The first one"), question(1), answer(1, 1)]
    )

    report = run_import(tmp_path / "dump", sqlite_database)

    with sqlite_database.reading() as session:
        assert session.scalars(select(Post.title)).all() == ["The first one"]
    assert [line for line in reasons(report) if "was taken" in line] == [
        "Posts.xml:4 skipped: Id 1 was taken by an earlier row",
        "Posts.xml:5 skipped: Id 1 was taken by an earlier row",
    ]


def test_a_refused_file_leaves_no_trace(
    sqlite_database: Database, run_import: Importing, tmp_path: Path
) -> None:
    shutil.copytree(SMALL_DUMP, tmp_path / "dump")
    badges = tmp_path / "dump" / "Badges.xml"
    badges.write_bytes(badges.read_bytes()[:-20])

    with pytest.raises(RefusedDump, match=r"Badges\.xml, line 5: it is not well-formed XML"):
        run_import(tmp_path / "dump", sqlite_database)

    assert set(row_counts(sqlite_database).values()) == {0}
    assert [path for path in (tmp_path / "data" / "imports").iterdir() if path.is_dir()] == []


def test_hostile_texts_come_in_as_text(
    sqlite_database: Database, run_import: Importing, tmp_path: Path
) -> None:
    body = "<p>hi<script>alert(1)</script><a href='javascript:alert(1)' onclick='x()'>there</a></p>"
    write_rows(tmp_path / "dump", "Posts.xml", [question(1, Body=body, Title="<script>x</script> title")])
    write_rows(tmp_path / "dump", "Comments.xml", [comment(1, 1, Text="<img src=x onerror=alert(1)>")])

    run_import(tmp_path / "dump", sqlite_database)

    with sqlite_database.reading() as session:
        html = post(session, 1).html + session.scalars(select(Comment.html)).one()
    assert not any(sign in html for sign in ("<script", "javascript:", "<img", "onclick="))


def _html(database: Database, id_: Any) -> str:
    with database.reading() as session:
        return post(session, id_).html
