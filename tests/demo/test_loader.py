"""The demo fills an empty site as if people had been there for months."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

import forum.wiring
from forum.accounts.models import User
from forum.checks.posts import COMMENTS, POSTS
from forum.checks.questions import QUESTIONS
from forum.checks.reputation import REPUTATION
from forum.checks.tags import TAGGED_QUESTIONS, TAGS
from forum.core import clock
from forum.core.db import Database, open_database
from forum.core.errors import Conflict
from forum.core.outbox import Job
from forum.demo import loader
from forum.demo.script import Script, read_script
from forum.posts.models import Comment, Post, QuestionLink, Revision
from forum.reputation.models import ReputationEntry
from forum.tags.models import Tag, TagSynonym
from forum.votes.models import CommentVote, Vote
from tests.factories import make_question, make_user

assert forum.wiring.SEARCH


@pytest.fixture
def _short_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let only the questions happen that have all that can happen to one."""

    def read_short(now: datetime) -> Script:
        script = read_script(now)
        kept = [question for question in script.questions if question.duplicate_of][:1]
        wanted = {question.duplicate_of for question in kept}
        kept += [question for question in script.questions if question.writing.key in wanted]
        kept += [question for question in script.questions if question.writing.edits][:1]
        kept += [q for q in script.questions if any(answer.writing.edits for answer in q.answers)][:1]
        kept = list({question.writing.key: question for question in kept}.values())
        return replace(script, questions=tuple(sorted(kept, key=lambda question: question.writing.at)))

    monkeypatch.setattr(loader, "read_script", read_short)


@pytest.mark.usefixtures("_short_script")
def test_it_fills_an_empty_site_once(database: Database) -> None:
    told: list[tuple[int, int]] = []
    assert loader.is_empty(database)

    count = loader.load(database, progress=lambda done, total: told.append((done, total)))

    assert not loader.is_empty(database)
    assert told[-1][0] == told[-1][1] == len(told)
    with database.reading() as session:
        assert session.execute(select(func.count()).where(Post.kind == "question")).scalar_one() == count
    with pytest.raises(Conflict, match="without questions"):
        loader.load(database)


@pytest.mark.usefixtures("_short_script")
def test_what_is_derived_adds_up(database: Database) -> None:
    loader.load(database)

    _assert_nothing_differs(database)


@pytest.mark.usefixtures("_short_script")
def test_an_interrupted_demo_leaves_nothing(database: Database) -> None:
    def interrupt(done: int, total: int) -> None:
        if done == total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loader.load(database, progress=interrupt)

    assert loader.is_empty(database)
    with database.reading() as session:
        assert session.execute(select(func.count()).select_from(User)).scalar_one() == 0
    loader.load(database)


def test_it_refuses_a_site_with_questions(database: Database) -> None:
    with database.transaction() as session:
        make_question(session)

    with pytest.raises(Conflict, match="without questions"):
        loader.load(database)


def test_it_refuses_a_site_with_people_of_the_same_names(database: Database) -> None:
    with database.transaction() as session:
        make_user(session, "Marta Kowalczyk")

    with pytest.raises(Conflict, match="martakowalczyk"):
        loader.load(database)


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The whole demo, loaded once for the tests that only look at it."""
    path = tmp_path_factory.mktemp("demo") / "askwell.db"
    shutil.copyfile(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    loader.load(database)
    yield database
    database.dispose()


@pytest.mark.slow
class TestTheWholeDemo:
    """What somebody sees who has just installed the program."""

    def test_everything_of_the_script_is_there(self, site: Database) -> None:
        script = read_script(clock.now())
        writings = [
            writing
            for question in script.questions
            for writing in (question.writing, *(answer.writing for answer in question.answers))
        ]
        remarks = [remark for writing in writings for remark in writing.comments]
        expected = {
            User: len(script.people),
            Tag: len(script.tags),
            TagSynonym: sum(len(tag.synonyms) for tag in script.tags),
            Post: len(writings),
            Comment: len(remarks),
            Vote: sum(len(writing.up) + len(writing.down) for writing in writings),
            CommentVote: sum(len(remark.up) for remark in remarks),
            Revision: len(writings) + len(remarks) + sum(len(writing.edits) for writing in writings),
        }

        with site.reading() as session:
            found = {
                model: session.execute(select(func.count()).select_from(model)).scalar_one()
                for model in expected
            }

        assert found == expected

    def test_what_is_derived_adds_up(self, site: Database) -> None:
        _assert_nothing_differs(site)

    def test_nobody_of_it_can_sign_in(self, site: Database) -> None:
        with site.reading() as session:
            assert set(session.scalars(select(User.password_hash))) == {None}

    def test_reputations_differ_and_grew_over_months(self, site: Database) -> None:
        with site.reading() as session:
            reputations = session.scalars(select(User.reputation)).all()
            first, last = session.execute(
                select(func.min(ReputationEntry.earned_at), func.max(ReputationEntry.earned_at))
            ).one()

        assert max(reputations) > 1000
        assert min(reputations) < 100
        assert (last - first).days > 180

    def test_ledgers_were_written_in_the_order_of_time(self, site: Database) -> None:
        with site.reading() as session:
            entries = session.execute(
                select(ReputationEntry.user_id, ReputationEntry.earned_at).order_by(ReputationEntry.id)
            ).all()

        by_person: dict[int, list[datetime]] = {}
        for entry in entries:
            by_person.setdefault(entry.user_id, []).append(entry.earned_at)
        assert all(moments == sorted(moments) for moments in by_person.values())

    def test_votes_come_after_the_post_and_after_the_voter_joined(self, site: Database) -> None:
        early = (
            select(func.count())
            .select_from(Vote)
            .join(Post, Post.id == Vote.post_id)
            .join(User, User.id == Vote.user_id)
            .where((Vote.cast_at < Post.created_at) | (Vote.cast_at < User.created_at))
        )

        with site.reading() as session:
            assert session.execute(early).scalar_one() == 0

    def test_each_thread_waits_to_be_indexed_once_and_since_now(self, site: Database) -> None:
        with site.reading() as session:
            jobs = session.execute(select(Job.subject_id, Job.created_at)).all()
            questions = set(session.scalars(select(Post.id).where(Post.kind == "question")))

        assert sorted(job.subject_id for job in jobs) == sorted(questions)
        assert all((clock.now() - job.created_at).days == 0 for job in jobs)

    def test_duplicates_are_closed_and_linked(self, site: Database) -> None:
        with site.reading() as session:
            closed = session.execute(
                select(Post.id, Post.duplicate_of_id, Post.closed_reason).where(Post.closed_at.is_not(None))
            ).all()
            linked = select(QuestionLink.from_id, QuestionLink.to_id).where(QuestionLink.kind == "duplicate")
            links = {tuple(row) for row in session.execute(linked)}

        assert closed
        assert {row.closed_reason for row in closed} == {"duplicate"}
        assert {(row.id, row.duplicate_of_id) for row in closed} == links

    def test_people_were_last_seen_when_they_last_did_something(self, site: Database) -> None:
        with site.reading() as session:
            people = session.execute(select(User.created_at, User.last_seen_at)).all()

        assert all(person.created_at <= person.last_seen_at <= clock.now() for person in people)
        assert max(person.last_seen_at for person in people) > min(person.last_seen_at for person in people)

    def test_tags_have_a_line_and_a_description(self, site: Database) -> None:
        with site.reading() as session:
            tags = session.execute(
                select(Tag.name, Tag.excerpt, Tag.description_html, Tag.question_count)
            ).all()

        assert all(tag.excerpt and tag.description_html.startswith("<p>") for tag in tags)
        assert not any("`" in tag.excerpt for tag in tags)
        assert sum(tag.question_count > 0 for tag in tags) > len(tags) * 0.9


def _assert_nothing_differs(database: Database) -> None:
    families = (POSTS, COMMENTS, QUESTIONS, TAGS, TAGGED_QUESTIONS, REPUTATION)
    with database.reading() as session:
        differences = [str(found) for family in families for found in family.differences(session)]

    assert differences == []
