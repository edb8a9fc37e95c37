from datetime import UTC, datetime

from forum.badges.models import BadgeAward
from forum.badges.queries import Badge, badges_of
from forum.core.db import Database
from tests.factories import make_user


def _day(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def test_badges_are_counted_and_gold_comes_first(database: Database) -> None:
    with database.transaction() as session:
        person, other = make_user(session), make_user(session)
        for user, name, level, day in (
            (person, "Student", "bronze", 9),
            (person, "Good Answer", "silver", 1),
            (person, "Good Answer", "silver", 3),
            (person, "Enlightened", "silver", 2),
            (person, "Great Answer", "gold", 1),
            (other, "Teacher", "bronze", 1),
        ):
            session.add(
                BadgeAward(user_id=user.id, name=name, level=level, is_for_tag=False, awarded_at=_day(day))
            )
        person_id = person.id

    with database.reading() as session:
        found = badges_of(session, person_id)

    assert found == (
        Badge(name="Great Answer", level="gold", is_for_tag=False, count=1, awarded_at=_day(1)),
        Badge(name="Good Answer", level="silver", is_for_tag=False, count=2, awarded_at=_day(3)),
        Badge(name="Enlightened", level="silver", is_for_tag=False, count=1, awarded_at=_day(2)),
        Badge(name="Student", level="bronze", is_for_tag=False, count=1, awarded_at=_day(9)),
    )
