"""Many people and browsers at the same instant: counts, scores and ledgers stay exactly right."""

import pytest
from sqlalchemy import func, select

import forum.wiring
from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.posts.actions.accepting import accept, unaccept
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.commenting import comment
from forum.posts.actions.deleting import delete_post, undelete_post
from forum.posts.models import Comment, Post
from forum.reputation.models import ReputationEntry
from forum.tags.models import Tag
from forum.votes.actions import cast, cast_on_comment
from forum.votes.models import CommentVote, Vote
from tests.at_once import at_once
from tests.reputation.ledgers import assert_ledgers_are_right, join

assert forum.wiring.SEARCH
TEXT = "It beeps twice, and then nothing happens."


@pytest.fixture
def people(database: Database) -> list[Actor]:
    with database.transaction() as session:
        return join(session, 12)


@pytest.fixture
def thread(database: Database, people: list[Actor]) -> tuple[int, int]:
    """A question by the first person and an answer by the second."""
    with database.transaction() as session:
        question_id = ask(
            session, people[0], title="Why does it beep?", source=TEXT, tags=["beeps"]
        ).question_id
        return question_id, answer(session, people[1], question_id, source=TEXT).post_id


def post(database: Database, post_id: int) -> Post:
    with database.reading() as session:
        return session.execute(select(Post).where(Post.id == post_id)).scalar_one()


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def assert_right(database: Database, people: list[Actor]) -> None:
    with database.reading() as session:
        assert_ledgers_are_right(session, people)
        for row in session.scalars(select(Post)):
            votes = session.scalar(select(func.sum(Vote.value)).where(Vote.post_id == row.id)) or 0
            assert row.score == votes


def test_everybody_upvotes_at_the_same_instant(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    voters = people[2:]
    at_once(database, *[lambda s, who=who: cast(s, who, thread[1], 1) for who in voters])

    assert post(database, thread[1]).score == len(voters)
    assert post(database, thread[0]).upvoted_answer_count == 1
    assert_right(database, people)


def test_one_person_clicks_twice_from_many_tabs(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    at_once(database, *[lambda s: cast(s, people[5], thread[1], 1) for _ in range(10)])

    assert count(database, Vote) == 1
    assert count(database, ReputationEntry) == 1
    assert post(database, thread[1]).score == 1
    assert_right(database, people)


def test_one_person_changes_their_mind_in_many_tabs(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    values = [1, -1, 0, 1, -1, 0, 1, -1, 1, 0]
    at_once(database, *[lambda s, v=v: cast(s, people[5], thread[1], v) for v in values])

    assert_right(database, people)


def test_votes_race_acceptance_and_deletion(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    question_id, answer_id = thread
    moderator = Actor(id=people[11].id, name="m", role="moderator", reputation=1)
    for _ in range(3):
        at_once(
            database,
            *[lambda s, who=who: cast(s, who, answer_id, 1) for who in people[2:6]],
            lambda s: accept(s, people[0], answer_id),
            lambda s: delete_post(s, moderator, answer_id),
            lambda s: unaccept(s, people[0], answer_id),
            lambda s: delete_post(s, moderator, question_id),
            lambda s: undelete_post(s, moderator, question_id),
            lambda s: undelete_post(s, moderator, answer_id),
            lambda s: cast(s, people[7], question_id, -1),
        )
        assert_right(database, people)


def test_two_people_downvote_each_other_without_a_deadlock(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    question_id, first = thread
    with database.transaction() as session:
        second = answer(session, people[2], question_id, source=TEXT).post_id
        other = ask(session, people[3], title="Why does it blink?", source=TEXT, tags=["beeps"]).question_id
        third = answer(session, people[2], other, source=TEXT).post_id
        fourth = answer(session, people[1], other, source=TEXT).post_id
    results = at_once(
        database,
        *[
            step
            for _ in range(4)
            for step in (
                lambda s: cast(s, people[1], second, -1),
                lambda s: cast(s, people[2], fourth, -1),
                lambda s: cast(s, people[1], third, -1),
                lambda s: cast(s, people[2], first, -1),
            )
        ],
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert_right(database, people)


def test_a_form_sent_twenty_times_makes_one_post(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    asker, question_id = people[4], thread[0]
    at_once(
        database,
        *[lambda s: ask(s, asker, title="Asked once only?", source=TEXT, tags=["a", "b"], submission="q")]
        * 7,
        *[lambda s: answer(s, asker, question_id, source=TEXT, submission="a")] * 7,
        *[lambda s: comment(s, asker, question_id, source=TEXT, submission="c")] * 6,
    )

    assert count(database, Post) == 4
    assert count(database, Comment) == 1
    assert post(database, question_id).answer_count == 2
    assert post(database, question_id).comment_count == 1


def test_tags_are_counted_once_per_question(database: Database, people: list[Actor]) -> None:
    names = ["laptop", "dock", "wifi"]
    at_once(
        database,
        *[
            lambda s, n=n: ask(
                s, people[n], title=f"Question number {n}?", source=TEXT, tags=names[n % 3 :] + names[: n % 3]
            )
            for n in range(10)
        ],
    )

    with database.reading() as session:
        counted = {tag.name: tag.question_count for tag in session.scalars(select(Tag))}
    assert counted == {"laptop": 10, "dock": 10, "wifi": 10}


def test_a_comment_is_found_useful_once_per_person(
    database: Database, people: list[Actor], thread: tuple[int, int]
) -> None:
    with database.transaction() as session:
        comment_id = comment(session, people[0], thread[1], source=TEXT).comment_id
    at_once(
        database, *[lambda s, n=n: cast_on_comment(s, people[2 + n % 3], comment_id, True) for n in range(12)]
    )

    assert count(database, CommentVote) == 3
    with database.reading() as session:
        assert session.execute(select(Comment.score)).scalar_one() == 3
