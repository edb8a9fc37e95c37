"""The list of people, and who gained most of late."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.queries import PeopleOrder, Person
from forum.accounts.rules import name_key
from forum.core import clock
from forum.core.paging import Page
from forum.posts.queries.participants import participants
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


def to_mention(session: Session, beginning: str, *, thread_id: int | None, limit: int) -> tuple[Person, ...]:
    """Return people whose names begin so: those of a thread, the latest first, then those of most reputation.

    Without a beginning only the people of the thread are meant. At most three statements.
    """
    ids = participants(session, thread_id) if thread_id else ()
    known = accounts.people_by_id(session, ids) if ids else {}
    key = name_key(beginning)
    found = {id: known[id] for id in ids if id in known and known[id].name_key.startswith(key)}
    if len(found) < limit:
        found |= {
            person.id: person
            for person in accounts.people_beginning(session, beginning, limit=limit)
            if person.id not in found
        }
    return tuple(found.values())[:limit]


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
