from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import forum.wiring
from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.checks.differences import Difference
from forum.checks.posts import POSTS
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import NotFound
from forum.follows.actions import note_seen
from forum.follows.models import Follow
from forum.posts.actions.answering import answer
from forum.posts.actions.asking import ask
from forum.posts.actions.deleting import delete_post
from forum.posts.actions.following import follow, unfollow
from forum.posts.models import Post
from tests.at_once import at_once
from tests.factories import make_follow
from tests.reputation.ledgers import join

assert forum.wiring.SEARCH
TEXT = "It beeps twice, and then nothing happens."


@pytest.fixture
def people(database: Database) -> list[Actor]:
    with database.transaction() as session:
        return join(session, 8)


@pytest.fixture
def question_id(database: Database, people: list[Actor]) -> int:
    with database.transaction() as session:
        return ask(session, people[0], title="Why does it beep?", source=TEXT, tags=["beeps"]).question_id


def run(database: Database, action: Callable[[Session], object]) -> None:
    with database.transaction() as session:
        action(session)


def followers(database: Database, question_id: int) -> set[int]:
    """Return who follows a question, after making sure that they are counted."""
    with database.reading() as session:
        on = select(Follow.user_id).where(Follow.question_id == question_id, Follow.is_on)
        found = set(session.scalars(on))
        assert session.get_one(Post, question_id).follower_count == len(found)
        return found


def test_a_question_is_followed_once_and_left_once(
    database: Database, people: list[Actor], question_id: int
) -> None:
    steps = []
    for action in (unfollow, follow, follow, unfollow, unfollow, follow):
        with database.transaction() as session:
            followed = action(session, people[2], question_id)
        steps.append((followed.is_followed, followed.follower_count, len(followers(database, question_id))))

    assert steps == [
        (False, 1, 1),
        (True, 2, 2),
        (True, 2, 2),
        (False, 1, 1),
        (False, 1, 1),
        (True, 2, 2),
    ]


def test_who_asks_and_who_answers_follows(database: Database, people: list[Actor], question_id: int) -> None:
    assert followers(database, question_id) == {people[0].id}

    for person in (people[1], people[1], people[0], people[2]):
        run(database, lambda s, who=person: answer(s, who, question_id, source=TEXT))

    assert followers(database, question_id) == {person.id for person in people[:3]}


def test_a_form_that_arrives_twice_makes_nobody_follow_again(database: Database, people: list[Actor]) -> None:
    asked = {"title": "Why does it beep?", "source": TEXT, "tags": ["beeps"], "submission": "q"}
    with database.transaction() as session:
        question_id = ask(session, people[0], **asked).question_id
    run(database, lambda s: unfollow(s, people[0], question_id))
    run(database, lambda s: ask(s, people[0], **asked))

    assert followers(database, question_id) == set()


def test_who_has_stopped_does_not_follow_again_by_answering(
    database: Database, people: list[Actor], question_id: int
) -> None:
    run(database, lambda s: answer(s, people[1], question_id, source=TEXT))
    for person in people[:2]:
        run(database, lambda s, who=person: unfollow(s, who, question_id))
        run(database, lambda s, who=person: answer(s, who, question_id, source=TEXT))

    assert followers(database, question_id) == set()

    run(database, lambda s: follow(s, people[1], question_id))
    assert followers(database, question_id) == {people[1].id}


def test_only_visible_questions_are_followed(
    database: Database, people: list[Actor], question_id: int
) -> None:
    with database.transaction() as session:
        answer_id = answer(session, people[1], question_id, source=TEXT).post_id
        other_id = ask(session, people[0], title="Why does it hum?", source=TEXT, tags=["hum"]).question_id
        delete_post(session, people[0], other_id)
    with database.transaction() as session:
        for id in (answer_id, other_id, 10**9, 0, -1, 2**64):
            for action in (follow, unfollow):
                with pytest.raises(NotFound):
                    action(session, people[2], id)

    assert followers(database, question_id) == {people[0].id, people[1].id}


def test_what_was_seen_moves_forwards_only_and_for_nobody_else(
    database: Database, people: list[Actor], question_id: int
) -> None:
    run(database, lambda s: follow(s, people[1], question_id))

    def seen(person: Actor) -> object:
        with database.reading() as session:
            return session.get_one(Follow, (person.id, question_id)).seen_until

    before, later = seen(people[0]), clock.now() + timedelta(hours=1)
    strange = {(people[1].id, 4711): later, (4711, question_id): later}
    run(database, lambda s: note_seen(s, {(people[1].id, question_id): later, **strange}))
    assert (seen(people[0]), seen(people[1])) == (before, later)

    run(database, lambda s: note_seen(s, {(people[1].id, question_id): later - timedelta(minutes=1)}))
    assert seen(people[1]) == later


def test_the_follows_of_an_account_that_goes_go_too_and_the_check_counts_anew(
    database: Database, people: list[Actor], question_id: int
) -> None:
    with database.transaction() as session:
        going = User(name="Going", name_key="going", role="member", created_at=clock.now())
        session.add(going)
        session.flush()
        make_follow(session, session.get_one(Post, question_id), going)
    with database.transaction() as session:
        session.execute(User.__table__.delete().where(User.name_key == "going"))
    with database.reading() as session:
        (difference,) = POSTS.differences(session)
    POSTS.repair(database)

    assert difference == Difference("post.follower_count", question_id, expected="1", found="2")
    assert followers(database, question_id) == {people[0].id}


def test_the_database_itself_refuses_to_note_it_twice(
    database: Database, people: list[Actor], question_id: int
) -> None:
    row = {"user_id": people[0].id, "question_id": question_id, "is_on": True, "seen_until": clock.now()}

    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(Follow.__table__.insert(), [row])


def test_everybody_follows_at_the_same_instant_from_two_tabs(
    database: Database, people: list[Actor], question_id: int
) -> None:
    results = at_once(
        database, *[lambda s, who=who: follow(s, who, question_id) for who in people for _ in "ab"]
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert followers(database, question_id) == {person.id for person in people}


def test_following_races_stopping_answers_and_what_was_seen(
    database: Database, people: list[Actor], question_id: int
) -> None:
    one, other = people[1], people[2]
    later = clock.now() + timedelta(hours=1)
    for _ in range(3):
        results = at_once(
            database,
            *[lambda s, do=do: do(s, one, question_id) for do in (follow, unfollow) * 3],
            lambda s: answer(s, one, question_id, source=TEXT),
            lambda s: answer(s, other, question_id, source=TEXT),
            lambda s: note_seen(s, {(who.id, question_id): later for who in people[:3]}),
            lambda s: follow(s, other, question_id),
        )

        assert not [result for result in results if isinstance(result, Exception)]
        assert followers(database, question_id) - {one.id} == {people[0].id, other.id}
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Follow)) == 3
