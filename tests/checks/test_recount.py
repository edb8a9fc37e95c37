from forum.checks.recount import recount
from forum.core.db import Database
from forum.votes.actions import cast
from tests.checks.community import settle


def test_it_counts_what_votes_and_acceptances_demand(database: Database) -> None:
    people = settle(database).people

    with database.reading() as session:
        totals = recount(session)

    asker, answerer, author_of_the_deleted, *voters = (totals[person.id] for person in people)
    # Five upvotes on the question and an accepted answer; its author's votes cost nothing.
    assert asker == 1 + 5 * 10 + 2
    # Four upvotes and a downvote, the acceptance, and a question that was useful for 90 days before it went.
    assert answerer == 1 + 4 * 10 - 2 + 15 + 5 * 10
    assert author_of_the_deleted == 1
    assert voters == [1, 1, 1, 1, 1]


def test_it_counts_only_the_people_who_are_asked_for(database: Database) -> None:
    people = settle(database).people

    with database.reading() as session:
        everybody = recount(session)
        two = recount(session, [people[0].id, people[1].id])

    assert two == {person.id: everybody[person.id] for person in people[:2]}


def test_it_sees_a_vote_at_once(database: Database) -> None:
    community = settle(database)
    with database.transaction() as session:
        cast(session, community.people[2], community.accepted_id, 1)
        totals = recount(session, [community.people[1].id])

    assert totals == {community.people[1].id: 1 + 5 * 10 - 2 + 15 + 5 * 10}
