"""The list of people, and who gained most of late."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.queries import PeopleOrder, Person
from forum.core import clock
from forum.core.paging import Page
from forum.reputation import queries as reputation
from forum.reputation.rules import LEADERBOARD_DAYS


class Period(StrEnum):
    """How far back a leaderboard looks."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class RankedPerson:
    """Somebody's place on a leaderboard."""

    rank: int
    person: Person
    gain: int


def listed(session: Session, order: PeopleOrder, at: str | None, *, search: str = "") -> Page[Person]:
    """Return a page of people in one statement; raise Invalid for a cursor that is none."""
    return accounts.people(session, order, accounts.people_cursor(at, order=order), search=search)


def leaders(session: Session, period: Period) -> tuple[RankedPerson, ...]:
    """Return who gained most in a period, in two statements; people with the same gain share a rank."""
    since = clock.now().date() - timedelta(days=LEADERBOARD_DAYS[period] - 1)
    places = reputation.leaders(session, since=since)
    known = accounts.people_by_id(session, [place.user_id for place in places])
    ranked: list[RankedPerson] = []
    for number, place in enumerate(places, start=1):
        is_shared = bool(ranked) and ranked[-1].gain == place.gain
        rank = ranked[-1].rank if is_shared else number
        ranked.append(RankedPerson(rank=rank, person=known[place.user_id], gain=place.gain))
    return tuple(ranked)
