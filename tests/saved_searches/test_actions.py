from datetime import timedelta

import pytest
from sqlalchemy import func, select

import forum.wiring
from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.db import Database
from forum.core.errors import Invalid, NotFound, Refused
from forum.posts.models import Post
from forum.saved_searches import actions, queries, rules
from forum.saved_searches.models import SavedSearch, SavedSearchMatch
from tests.factories import make_answer, make_question
from tests.reputation.ledgers import join
from tests.votes.test_concurrency import at_once

assert forum.wiring.metadata.tables


@pytest.fixture
def people(database: Database) -> list[Actor]:
    with database.transaction() as session:
        return join(session, 2)


@pytest.fixture
def saved_id(database: Database, people: list[Actor]) -> int:
    with database.transaction() as session:
        return actions.save(session, people[0], name="Docks", text="dock", sort="newest").id


@pytest.fixture
def threads(database: Database) -> list[int]:
    with database.transaction() as session:
        return [make_question(session, title=f"Dock number {number}?").id for number in range(3)]


def counts(database: Database, user_id: int) -> tuple[int, list[int]]:
    """Return the count in the person's menu, and those of the saved searches."""
    with database.reading() as session:
        total = session.execute(select(User.new_match_count).where(User.id == user_id)).scalar_one()
        each = select(SavedSearch.new_count).where(SavedSearch.user_id == user_id).order_by(SavedSearch.id)
        return total, list(session.scalars(each))


def note(database: Database, saved_id: int, *threads: int) -> int:
    with database.transaction() as session:
        return actions.note_matches(session, saved_id, {thread: thread for thread in threads})


def test_a_saved_search_keeps_name_text_and_order(
    database: Database, people: list[Actor], saved_id: int
) -> None:
    with database.reading() as session:
        (saved,) = queries.of_person(session, people[0].id)

    assert (saved.id, saved.name, saved.text, saved.sort) == (saved_id, "Docks", "dock", "newest")
    assert saved.notifies
    assert saved.new_count == 0


def test_saving_the_same_again_leads_to_the_one_that_is_there(
    database: Database, people: list[Actor], saved_id: int
) -> None:
    with database.transaction() as session:
        again = actions.save(session, people[0], name="Others", text=" DOCK ", sort="score")
        other_person = actions.save(session, people[1], name="", text="dock", sort="")

    assert (again.id, again.name, again.is_new) == (saved_id, "Docks", False)
    assert other_person.is_new


def test_saving_ten_times_at_once_makes_one(database: Database, people: list[Actor]) -> None:
    made = at_once(
        database, *[lambda s: actions.save(s, people[0], name="", text="dock monitor", sort="")] * 10
    )

    assert sorted(kept.is_new for kept in made if isinstance(kept, actions.Kept)) == [False] * 9 + [True]
    with database.reading() as session:
        assert len(queries.of_person(session, people[0].id)) == 1


@pytest.mark.parametrize("text", ["", "  ", "!!!", "AND", "x" * 257])
def test_what_finds_nothing_can_not_be_saved(database: Database, people: list[Actor], text: str) -> None:
    with database.transaction() as session, pytest.raises(Invalid):
        actions.save(session, people[0], name="", text=text, sort="")


def test_a_person_keeps_fifty_at_most_however_many_tabs_save(database: Database, people: list[Actor]) -> None:
    with database.transaction() as session:
        for number in range(rules.MOST_SAVED - 1):
            actions.save(session, people[0], name="", text=f"dock {number}", sort="")

    made = at_once(
        database,
        *[lambda s, n=n: actions.save(s, people[0], name="", text=f"hub {n}", sort="") for n in range(6)],
    )

    assert sum(isinstance(one, Refused) for one in made) == 5
    with database.reading() as session:
        assert len(queries.of_person(session, people[0].id)) == rules.MOST_SAVED


def test_noted_threads_are_counted_for_the_search_and_in_all(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    with database.transaction() as session:
        other_id = actions.save(session, people[0], name="", text="number", sort="").id

    assert note(database, saved_id, *threads) == 3
    assert note(database, other_id, threads[0]) == 1

    assert counts(database, people[0].id) == (4, [3, 1])
    assert counts(database, people[1].id) == (0, [])


def test_two_workers_that_note_the_same_at_once_count_it_once(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    found = {thread: thread for thread in threads}

    noted = at_once(database, *[lambda s: actions.note_matches(s, saved_id, found)] * 6)

    assert sorted(int(str(count)) for count in noted) == [0] * 5 + [3]
    assert counts(database, people[0].id) == (3, [3])


def test_workers_and_browsers_at_the_same_instant_leave_right_counts(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    owner = people[0]
    with database.transaction() as session:
        other_id = actions.save(session, owner, name="", text="number", sort="").id

    at_once(
        database,
        *[
            lambda s, id=id, thread=thread: actions.note_matches(s, id, {thread: thread})
            for id in (saved_id, other_id)
            for thread in threads
        ],
        lambda s: actions.mark_seen(s, owner, saved_id, until=clock.now()),
        lambda s: actions.change(s, owner, other_id, name="Renamed", notifies=True),
        lambda s: actions.forget(s, owner, saved_id),
    )

    with database.reading() as session:
        new = select(func.count()).select_from(SavedSearchMatch).where(SavedSearchMatch.is_new)
        left = session.execute(new).scalar_one()
    assert left == 3
    assert counts(database, owner.id) == (3, [3])


def test_what_was_seen_is_new_no_more_and_what_came_meanwhile_stays_new(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    note(database, saved_id, threads[0], threads[1])
    with database.reading() as session:
        shown = max(match.noted_at for match in queries.new_matches(session, saved_id))
    with clock.frozen(shown + timedelta(seconds=1)):
        note(database, saved_id, threads[2])

    with database.transaction() as session:
        actions.mark_seen(session, people[0], saved_id, until=shown)

    assert counts(database, people[0].id) == (1, [1])
    with database.reading() as session:
        assert [match.thread_id for match in queries.new_matches(session, saved_id)] == [threads[2]]


def test_a_thread_that_was_seen_is_new_again_after_a_later_post_only(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    note(database, saved_id, threads[0])
    with database.transaction() as session:
        actions.mark_seen(session, people[0], saved_id, until=clock.now())

    assert note(database, saved_id, threads[0]) == 0
    with database.transaction() as session:
        assert actions.note_matches(session, saved_id, {threads[0]: threads[0] + 1000}) == 1
    assert counts(database, people[0].id) == (1, [1])


def test_deleted_threads_are_neither_shown_nor_counted(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    note(database, saved_id, *threads)
    delete_thread(database, threads[0])

    with database.reading() as session:
        assert {match.thread_id for match in queries.new_matches(session, saved_id)} == set(threads[1:])
        assert queries.of_person(session, people[0].id)[0].new_count == 2
    with database.transaction() as session:
        actions.withdraw_deleted(session, [saved_id])
    assert counts(database, people[0].id) == (2, [2])


def delete_thread(database: Database, thread_id: int) -> None:
    with database.transaction() as session:
        session.get_one(Post, thread_id).deleted_at = clock.now()


def test_the_oldest_matches_of_a_search_that_fits_everything_go(
    database: Database,
    people: list[Actor],
    saved_id: int,
    threads: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "MOST_MATCHES", 2)

    note(database, saved_id, *threads)

    with database.reading() as session:
        kept = [match.thread_id for match in queries.new_matches(session, saved_id)]
    assert kept == threads[:0:-1]
    assert counts(database, people[0].id) == (2, [2])


def test_nothing_is_noted_for_a_search_that_is_gone_or_silent(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    with database.transaction() as session:
        actions.change(session, people[0], saved_id, name="Docks", notifies=False)

    assert note(database, saved_id, threads[0]) == 0
    assert note(database, saved_id + 1, threads[0]) == 0


def test_what_came_while_nobody_looked_is_not_looked_for_later(
    database: Database, people: list[Actor], saved_id: int
) -> None:
    later = clock.now() + timedelta(days=3)
    with database.transaction() as session:
        actions.change(session, people[0], saved_id, name="Docks", notifies=False)
    with clock.frozen(later), database.transaction() as session:
        actions.change(session, people[0], saved_id, name="", notifies=True)

    with database.reading() as session:
        (watched,) = queries.next_watched(session, after=0, limit=10)
        (saved,) = queries.of_person(session, people[0].id)
    assert watched.looked_until == later
    assert saved.name == "dock"


def test_forgetting_takes_the_matches_along(
    database: Database, people: list[Actor], saved_id: int, threads: list[int]
) -> None:
    note(database, saved_id, *threads)

    with database.transaction() as session:
        actions.forget(session, people[0], saved_id)

    assert counts(database, people[0].id) == (0, [])
    with database.reading() as session:
        assert session.scalars(select(SavedSearchMatch)).all() == []


def test_nobody_touches_what_somebody_else_saved(
    database: Database, people: list[Actor], saved_id: int
) -> None:
    stranger = people[1]
    for act in (
        lambda s: actions.change(s, stranger, saved_id, name="Mine", notifies=False),
        lambda s: actions.forget(s, stranger, saved_id),
        lambda s: actions.mark_seen(s, stranger, saved_id, until=clock.now()),
        lambda s: actions.forget(s, people[0], 2**63),
    ):
        with database.transaction() as session, pytest.raises(NotFound):
            act(session)
    with database.reading() as session:
        assert queries.one(session, stranger.id, saved_id) is None
        assert queries.one(session, people[0].id, saved_id) is not None


def test_a_search_is_recognised_as_saved_by_what_it_asks_for(
    database: Database, people: list[Actor], saved_id: int
) -> None:
    with database.reading() as session:
        found = queries.by_text(session, people[0].id, "  Dock ")
        assert found is not None
        assert found.id == saved_id
        assert queries.by_text(session, people[0].id, "docks") is None
        assert queries.by_text(session, people[1].id, "dock") is None


def test_looking_moves_forward_only(database: Database, saved_id: int) -> None:
    later = clock.now() + timedelta(minutes=5)
    for until in (later, later - timedelta(minutes=2)):
        with database.transaction() as session:
            actions.note_looked(session, [saved_id], until=until)

    with database.reading() as session:
        assert queries.next_watched(session, after=0, limit=1)[0].looked_until == later


def test_the_place_in_the_round_moves_from_where_it_is_only(database: Database) -> None:
    with database.transaction() as session:
        assert queries.position(session) == 0
        assert actions.move_position(session, of=0, to=7)
    with database.transaction() as session:
        assert not actions.move_position(session, of=0, to=9)
        assert actions.move_position(session, of=7, to=8)
        assert queries.position(session) == 8


def test_two_workers_move_the_first_place_once(database: Database) -> None:
    moved = at_once(database, *[lambda s: actions.move_position(s, of=0, to=5)] * 4)

    assert sorted(bool(one) for one in moved) == [False] * 3 + [True]


def test_what_was_asked_or_answered_since_is_fresh(database: Database) -> None:
    long_ago = clock.now() - timedelta(days=30)
    since = clock.now() - timedelta(days=1)
    with database.transaction() as session:
        old = make_question(session, created_at=long_ago)
        answered = make_question(session, created_at=long_ago)
        make_answer(session, answered, created_at=since - timedelta(days=2))
        latest = make_answer(session, answered, created_at=since)
        withdrawn = make_question(session, created_at=long_ago)
        make_answer(session, withdrawn, created_at=since, deleted_at=since)
        asked = make_question(session)
        deleted = make_question(session, deleted_at=since)
        ids = [thread.id for thread in (old, answered, withdrawn, asked, deleted)]
        expected = {answered.id: latest.id, asked.id: asked.id}

        assert queries.fresh_threads(session, ids, since=since) == expected
        assert queries.fresh_threads(session, [], since=since) == {}
        assert queries.fresh_posts(session, [old.id, latest.id], since=since) == {answered.id: latest.id}
