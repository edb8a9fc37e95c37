from datetime import UTC, datetime, timedelta

from forum.core import clock
from forum.core.db import Database
from forum.pages import people
from forum.pages.people import Period
from forum.reputation.models import ReputationDay
from tests.factories import make_user
from tests.statements import recorded

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)


def test_leaders_are_ranked_by_what_they_gained_in_the_period(database: Database) -> None:
    with database.transaction() as session:
        gains = {"Ann": [(0, 10), (40, 500)], "Ben": [(6, 30)], "Cas": [(2, 10)], "Dan": [(3, -4)]}
        for name, days in gains.items():
            user = make_user(session, name)
            for ago, gain in days:
                day = NOW.date() - timedelta(days=ago)
                session.add(ReputationDay(user_id=user.id, day=day, gain=gain, floor=1))

    with clock.frozen(NOW), database.reading() as session, recorded(database) as statements:
        week = people.leaders(session, Period.WEEK)
        year = people.leaders(session, Period.YEAR)

    assert [(leader.rank, leader.person.name, leader.gain) for leader in week] == [
        (1, "Ben", 30),
        (2, "Ann", 10),
        (2, "Cas", 10),
    ]
    assert [(leader.rank, leader.person.name) for leader in year] == [(1, "Ann"), (2, "Ben"), (3, "Cas")]
    assert len(statements) == 4


def test_the_eighth_day_is_no_longer_in_the_week(database: Database) -> None:
    with database.transaction() as session:
        for ago in (6, 7):
            user = make_user(session, f"Person {ago}")
            day = NOW.date() - timedelta(days=ago)
            session.add(ReputationDay(user_id=user.id, day=day, gain=10, floor=1))

    with clock.frozen(NOW), database.reading() as session:
        assert [leader.person.name for leader in people.leaders(session, Period.WEEK)] == ["Person 6"]
