"""What people do with questions, answers and comments, and what it leaves in the database."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

import forum.wiring
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import Conflict, Invalid, NotFound, Refused
from forum.core.outbox import Job
from forum.posts.actions import accepting, answering, asking, commenting, deleting, editing, viewing
from forum.posts.actions.wording import link_mentions
from forum.posts.models import Comment, Post, QuestionLink, Revision
from forum.tags.models import Tag, TagSynonym
from forum.votes.actions import cast
from tests.reputation.ledgers import assert_ledgers_are_right, join

assert forum.wiring.SEARCH
TEXT = "It beeps twice, and then nothing happens."


@pytest.fixture
def people(database: Database) -> list[Actor]:
    with database.transaction() as session:
        return join(session, 4)


@pytest.fixture
def moderator(people: list[Actor]) -> Actor:
    return Actor(id=people[3].id, name=people[3].name, role="moderator", reputation=1)


@pytest.fixture
def question_id(database: Database, people: list[Actor]) -> int:
    with database.transaction() as session:
        asked = asking.ask(session, people[0], title="Why does it beep?", source=TEXT, tags=["Dock", "usb-c"])
        return asked.question_id


@pytest.fixture
def answer_id(database: Database, people: list[Actor], question_id: int) -> int:
    with database.transaction() as session:
        return answering.answer(session, people[1], question_id, source="Look **inside** it.").post_id


def load(database: Database, post_id: int) -> Post:
    with database.reading() as session:
        return session.execute(select(Post).where(Post.id == post_id)).scalar_one()


def tag_counts(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return {tag.name: tag.question_count for tag in session.scalars(select(Tag))}


def test_asking_stores_source_html_and_everything_that_lists_show(
    database: Database, question_id: int
) -> None:
    question = load(database, question_id)

    assert question.source == TEXT
    assert question.html.strip() == f"<p>{TEXT}</p>"
    assert (question.slug, question.excerpt, question.tag_names) == ("why-does-it-beep", TEXT, "dock usb-c")
    assert tag_counts(database) == {"dock": 1, "usb-c": 1}


def test_asking_leaves_a_job_for_the_index_in_the_same_transaction(
    database: Database, question_id: int
) -> None:
    with database.reading() as session:
        assert session.scalars(select(Job.subject_id)).all() == [question_id]


def test_asking_with_a_synonym_carries_the_tag_it_stands_for(
    database: Database, people: list[Actor], question_id: int
) -> None:
    with database.transaction() as session:
        dock = session.scalars(select(Tag.id).where(Tag.name == "dock")).one()
        session.add(TagSynonym(name="docking-station", tag_id=dock, created_at=clock.now()))
        session.flush()
        tags = ["docking-station", "dock", "hub"]
        asked = asking.ask(session, people[0], title="Which dock is it?", source=TEXT, tags=tags)

    assert load(database, asked.question_id).tag_names == "dock hub"


@pytest.mark.parametrize(
    ("title", "source", "tags", "field"),
    [
        ("Short", TEXT, ["a"], "title"),
        ("Why does it beep?", "short", ["a"], "source"),
        ("Why does it beep?", TEXT, [], "tags"),
        ("Why does it beep?", TEXT, list("abcdef"), "tags"),
        ("Why does it beep?", TEXT, ["<b>"], "tags"),
        ("Why does it beep?", TEXT, ["x" * 36], "tags"),
    ],
)
def test_asking_refuses_what_cannot_be_used_and_names_the_field(
    database: Database, people: list[Actor], title: str, source: str, tags: list[str], field: str
) -> None:
    with pytest.raises(Invalid) as caught, database.transaction() as session:
        asking.ask(session, people[0], title=title, source=source, tags=tags)

    assert caught.value.field == field


def test_answering_brings_the_question_to_the_top(
    database: Database, people: list[Actor], question_id: int, answer_id: int
) -> None:
    question = load(database, question_id)

    assert (question.answer_count, question.active_kind) == (1, "answered")
    assert question.active_by_id == people[1].id


def test_answering_a_closed_question_is_refused(
    database: Database, people: list[Actor], question_id: int
) -> None:
    with database.transaction() as session:
        session.get_one(Post, question_id).closed_at = clock.now()
    with pytest.raises(Refused), database.transaction() as session:
        answering.answer(session, people[1], question_id, source=TEXT)


def test_an_answer_cannot_be_answered(database: Database, people: list[Actor], answer_id: int) -> None:
    with pytest.raises(NotFound), database.transaction() as session:
        answering.answer(session, people[2], answer_id, source=TEXT)


@pytest.mark.parametrize("post_id", [0, -1, 10**6, 2**63, 10**30])
def test_posts_that_are_not_there_are_not_found(
    database: Database, people: list[Actor], post_id: int
) -> None:
    with pytest.raises(NotFound), database.transaction() as session:
        answering.answer(session, people[1], post_id, source=TEXT)


def test_editing_keeps_every_version_and_rolling_back_adds_one(
    database: Database, people: list[Actor], question_id: int
) -> None:
    with database.transaction() as session:
        editing.edit_post(
            session,
            people[0],
            question_id,
            source=TEXT + " More of it.",
            title="Why does it beep twice?",
            tags=["bios"],
            summary="clearer",
            based_on=1,
        )
    edited = load(database, question_id)

    assert (edited.title, edited.tag_names, edited.slug) == (
        "Why does it beep twice?",
        "bios",
        "why-does-it-beep-twice",
    )
    assert tag_counts(database) == {"dock": 0, "usb-c": 0, "bios": 1}

    with database.transaction() as session:
        editing.roll_back_post(session, people[0], question_id, 1)
    restored = load(database, question_id)
    with database.reading() as session:
        history = session.execute(
            select(Revision.number, Revision.title, Revision.summary, Revision.rolled_back_to).order_by(
                Revision.number
            )
        ).all()

    assert (restored.source, restored.title, restored.tag_names) == (TEXT, "Why does it beep?", "dock usb-c")
    assert tag_counts(database) == {"dock": 1, "usb-c": 1, "bios": 0}
    assert [tuple(row) for row in history] == [
        (1, "Why does it beep?", "", None),
        (2, "Why does it beep twice?", "clearer", None),
        (3, "Why does it beep?", "", 1),
    ]


def test_editing_an_older_version_is_a_conflict_and_changes_nothing(
    database: Database, people: list[Actor], question_id: int, moderator: Actor
) -> None:
    with database.transaction() as session:
        editing.edit_post(session, moderator, question_id, source=TEXT + " One.", based_on=1)
    with pytest.raises(Conflict), database.transaction() as session:
        editing.edit_post(session, people[0], question_id, source=TEXT + " Two.", based_on=1)

    assert load(database, question_id).source == TEXT + " One."


def test_editing_without_a_change_makes_no_revision(
    database: Database, people: list[Actor], question_id: int
) -> None:
    with database.transaction() as session:
        posted = editing.edit_post(session, people[0], question_id, source=TEXT, based_on=1)

    assert posted.is_new is False
    assert load(database, question_id).revision_count == 1


def test_strangers_cannot_edit(database: Database, people: list[Actor], question_id: int) -> None:
    with pytest.raises(Refused), database.transaction() as session:
        editing.edit_post(session, people[2], question_id, source=TEXT + " Mine.", based_on=1)


def test_accepting_moves_from_one_answer_to_another(
    database: Database, people: list[Actor], question_id: int, answer_id: int
) -> None:
    with database.transaction() as session:
        other = answering.answer(session, people[2], question_id, source=TEXT).post_id
        accepting.accept(session, people[0], answer_id)
        accepting.accept(session, people[0], other)

    assert load(database, question_id).accepted_answer_id == other
    with database.reading() as session:
        assert_ledgers_are_right(session, people)


@pytest.mark.parametrize("who", [1, 2])
def test_only_the_asker_accepts(database: Database, people: list[Actor], answer_id: int, who: int) -> None:
    with pytest.raises(Refused), database.transaction() as session:
        accepting.accept(session, people[who], answer_id)


def test_deleting_hides_and_undeleting_restores_exactly(
    database: Database, people: list[Actor], question_id: int, moderator: Actor, answer_id: int
) -> None:
    with database.transaction() as session:
        cast(session, people[2], answer_id, 1)
        cast(session, people[2], question_id, 1)
        accepting.accept(session, people[0], answer_id)
    before = load(database, question_id)
    with database.transaction() as session:
        deleting.delete_post(session, moderator, question_id)
    assert tag_counts(database) == {"dock": 0, "usb-c": 0}
    with database.reading() as session:
        assert_ledgers_are_right(session, people)
    with database.transaction() as session:
        deleting.undelete_post(session, moderator, question_id)
    after = load(database, question_id)

    kept = ("score", "answer_count", "upvoted_answer_count", "accepted_answer_id", "hot", "view_count")
    assert [getattr(before, name) for name in kept] == [getattr(after, name) for name in kept]
    assert tag_counts(database) == {"dock": 1, "usb-c": 1}
    with database.reading() as session:
        assert_ledgers_are_right(session, people)


def test_a_moderator_who_deletes_the_accepted_answer_unaccepts_it(
    database: Database, people: list[Actor], question_id: int, answer_id: int, moderator: Actor
) -> None:
    with database.transaction() as session:
        accepting.accept(session, people[0], answer_id)
        deleting.delete_post(session, moderator, answer_id)
        deleting.undelete_post(session, moderator, answer_id)

    assert load(database, question_id).accepted_answer_id is None
    assert load(database, question_id).answer_count == 1
    with database.reading() as session:
        assert_ledgers_are_right(session, people)


def test_what_a_moderator_deleted_its_author_cannot_bring_back(
    database: Database, people: list[Actor], answer_id: int, moderator: Actor
) -> None:
    with database.transaction() as session:
        deleting.delete_post(session, moderator, answer_id)
    with pytest.raises(Refused), database.transaction() as session:
        deleting.undelete_post(session, people[1], answer_id)


@pytest.mark.parametrize(
    "attempt",
    [
        pytest.param(lambda s, people, _q, a: cast(s, people[2], a, 1), id="vote"),
        pytest.param(lambda s, people, _q, a: commenting.comment(s, people[2], a, source=TEXT), id="comment"),
        pytest.param(lambda s, people, q, _a: answering.answer(s, people[2], q, source=TEXT), id="answer"),
        pytest.param(lambda s, people, _q, a: accepting.accept(s, people[0], a), id="accept"),
        pytest.param(
            lambda s, people, _q, a: editing.edit_post(s, people[1], a, source=TEXT, based_on=1), id="edit"
        ),
    ],
)
def test_a_deleted_thread_takes_nothing_new(
    database: Database,
    people: list[Actor],
    question_id: int,
    answer_id: int,
    moderator: Actor,
    attempt: Callable[..., object],
) -> None:
    with database.transaction() as session:
        deleting.delete_post(session, moderator, question_id)
    with pytest.raises(NotFound), database.transaction() as session:
        attempt(session, people, question_id, answer_id)


def test_comments_are_written_edited_rolled_back_and_deleted(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    with database.transaction() as session:
        comment_id = commenting.comment(session, people[2], answer_id, source="Thank you!").comment_id
        commenting.edit_comment(session, people[2], comment_id, source="Thank you, **really**!", based_on=1)
        commenting.roll_back_comment(session, people[2], comment_id, 1)
        with pytest.raises(Conflict):
            commenting.edit_comment(session, people[2], comment_id, source="Late words", based_on=2)
        with pytest.raises(Refused):
            commenting.edit_comment(session, people[0], comment_id, source="Not mine", based_on=3)
    with database.reading() as session:
        comment = session.execute(select(Comment)).scalar_one()
        revisions = session.scalar(select(func.count()).where(Revision.comment_id == comment_id))

    assert (comment.source, comment.revision_count, revisions) == ("Thank you!", 3, 3)
    assert load(database, answer_id).comment_count == 1
    with database.transaction() as session:
        commenting.delete_comment(session, people[2], comment_id)
        commenting.delete_comment(session, people[2], comment_id)
    assert load(database, answer_id).comment_count == 0
    with database.transaction() as session:
        commenting.undelete_comment(session, people[2], comment_id)
    assert load(database, answer_id).comment_count == 1


def test_people_who_are_here_are_linked_when_mentioned(
    database: Database, people: list[Actor], answer_id: int
) -> None:
    name = people[0].name
    with database.transaction() as session:
        text = f"@{name} and @nobodyatall, look at this."
        comment_id = commenting.comment(session, people[2], answer_id, source=text).comment_id
    with database.reading() as session:
        html = session.execute(select(Comment.html).where(Comment.id == comment_id)).scalar_one()

    assert f'href="/users/{people[0].id}"' in html
    assert html.count("<a") == 1
    assert "@nobodyatall" in html


def test_a_mention_of_nobody_becomes_plain_text() -> None:
    assert link_mentions('<a class="mention" href="/users/@ann">@Ann</a>!', {}) == "@Ann!"


def test_questions_that_mention_each_other_are_linked(
    database: Database, people: list[Actor], question_id: int
) -> None:
    with database.transaction() as session:
        other = asking.ask(
            session, people[1], title="Why does it blink?", source=TEXT, tags=["dock"]
        ).question_id
        text = f"See [this](/questions/{question_id}/why) and /questions/999999 too."
        post_id = answering.answer(session, people[2], other, source=text).post_id
    with database.reading() as session:
        links = session.execute(select(QuestionLink.from_id, QuestionLink.to_id)).all()
    assert [tuple(link) for link in links] == [(other, question_id)]

    with database.transaction() as session:
        deleting.delete_post(session, people[2], post_id)
    with database.reading() as session:
        assert session.execute(select(QuestionLink)).all() == []


def test_views_are_counted_for_questions_only(database: Database, question_id: int, answer_id: int) -> None:
    with database.transaction() as session:
        viewing.count_views(session, {question_id: 3, answer_id: 5, 10**6: 1})

    assert load(database, question_id).view_count == 3
    assert load(database, answer_id).view_count == 0


def test_long_useful_answers_keep_their_reputation_when_deleted(
    database: Database, people: list[Actor], question_id: int, answer_id: int, moderator: Actor
) -> None:
    voters = [people[0], people[2], moderator]
    with database.transaction() as session:
        for voter in voters:
            cast(session, voter, answer_id, 1)
    with clock.frozen(datetime.now(UTC) + timedelta(days=61)), database.transaction() as session:
        deleting.delete_post(session, moderator, answer_id)

    with database.reading() as session:
        assert_ledgers_are_right(session, people)
        assert session.scalars(select(func.max(Post.score))).one() == 3
