"""Who is here, and who may come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from forum.accounts.models import LoginSession, OneTimeLink, User
from forum.accounts.rules import Actor, email_key, name_key
from forum.core import clock, reading
from forum.core.beginnings import begins_with
from forum.core.paging import Cursor, Key, Page, paged, place
from forum.core.prepared import Prepared
from forum.core.tokens import hash_token

PEOPLE_PER_PAGE = 36
LARGEST_ID = 2**31 - 1
"""The largest number that PostgreSQL takes for an account; people may search for any."""
BEGINNINGS_READ = 50
"""Of how many names that begin as somebody has typed the best are offered."""

_viewer = Prepared(
    select(User.id, User.name, User.role, User.reputation, User.new_match_count)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.expires_at > bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """What a one-time link lets its bearer do."""

    purpose: str
    user_id: int | None
    user_name: str | None


def viewer(connection: Connection, token: str) -> Actor | None:
    """Return who is signed in with the secret of a cookie; one statement."""
    found = _viewer.rows(connection, {"token_hash": hash_token(token), "now": clock.now()})
    return Actor(*found[0]) if found else None


def actor(session: Session, user_id: int) -> Actor | None:
    """Return a person as the rules see them."""
    statement = select(User.id, User.name, User.role, User.reputation).where(User.id == user_id)
    row = session.execute(statement).one_or_none()
    return Actor(*row) if row else None


def accounts_to_sign_in(session: Session, login: str) -> Sequence[Row[int, str | None]]:
    """Return the accounts that a name or an e-mail address may mean, the oldest first."""
    means = or_(User.name_key == name_key(login), User.email_key == email_key(login))
    return session.execute(select(User.id, User.password_hash).where(means).order_by(User.id).limit(20)).all()


def language_of(session: Session, user_id: int) -> str | None:
    """Return the code of the language that somebody has chosen, or None for what their browsers ask for."""
    return session.execute(select(User.language).where(User.id == user_id)).scalar_one_or_none()


def find_user(session: Session, login: str) -> int | None:
    """Return the id of the person with this name, e-mail address or id; the oldest of several."""
    rows = accounts_to_sign_in(session, login)
    if rows:
        return int(rows[0].id)
    if login.isascii() and login.isdigit() and len(login) < 10:
        return session.execute(select(User.id).where(User.id == int(login))).scalar_one_or_none()
    return None


def people_named(session: Session, keys: Sequence[str]) -> dict[str, int]:
    """Return the ids of the people with these name keys."""
    if not keys:
        return {}
    rows = session.execute(select(User.name_key, User.id).where(User.name_key.in_(keys)))
    return {row.name_key: row.id for row in rows}


def link_offer(session: Session, token: str) -> LinkOffer | None:
    """Return what a one-time link is for, or None when it does not work any more."""
    statement = (
        select(OneTimeLink.purpose, OneTimeLink.user_id, User.name)
        .outerjoin(User, User.id == OneTimeLink.user_id)
        .where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
    )
    row = session.execute(statement).one_or_none()
    return LinkOffer(*row) if row else None


def admin_count(session: Session) -> int:
    """Count the administrators."""
    return session.execute(select(func.count()).where(User.role == "admin")).scalar_one()


@dataclass(frozen=True, slots=True)
class OwnProfile:
    """What a person told about themselves, as they typed it."""

    about: str
    location: str
    website: str
    email: str


def own_profile(session: Session, user_id: int) -> OwnProfile:
    """Return what a person may change of their profile."""
    columns = select(User.about_source, User.location, User.website, User.email)
    row = session.execute(columns.where(User.id == user_id)).one()
    return OwnProfile(
        about=row.about_source, location=row.location, website=row.website, email=row.email or ""
    )


class PeopleOrder(StrEnum):
    """What the list of people is sorted by."""

    REPUTATION = "reputation"
    NEWEST = "newest"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as lists show them."""

    id: int
    name: str
    name_key: str
    role: str
    reputation: int
    location: str
    created_at: datetime

    def key(self, order: PeopleOrder) -> Key:
        """Return what the person is sorted by."""
        keys: dict[PeopleOrder, Key] = {
            PeopleOrder.REPUTATION: self.reputation,
            PeopleOrder.NEWEST: self.created_at,
            PeopleOrder.NAME: self.name_key,
        }
        return keys[order]


@dataclass(frozen=True, slots=True)
class Profile:
    """What everybody may know of a person; `is_claimed` tells whether they can sign in."""

    id: int
    name: str
    role: str
    reputation: int
    about_html: str
    location: str
    website: str
    created_at: datetime
    last_seen_at: datetime | None
    is_claimed: bool


_PEOPLE_KEYS: dict[PeopleOrder, type[Key]] = {
    PeopleOrder.REPUTATION: int,
    PeopleOrder.NEWEST: datetime,
    PeopleOrder.NAME: str,
}
_PEOPLE_COLUMNS = {
    PeopleOrder.REPUTATION: User.reputation,
    PeopleOrder.NEWEST: User.created_at,
    PeopleOrder.NAME: User.name_key,
}
_people: Select[*tuple[Any, ...]] = select(
    User.id, User.name, User.name_key, User.role, User.reputation, User.location, User.created_at
)
_people_by_id = Prepared(_people.where(User.id.in_(bindparam("ids", expanding=True))))
_profile: Select[*tuple[Any, ...]] = select(
    User.id, User.name, User.role, User.reputation, User.about_html, User.location, User.website,
    User.created_at, User.last_seen_at, User.password_hash.is_not(None),
).where(User.id == bindparam("user_id"))  # fmt: skip


def people_cursor(text: str | None, *, order: PeopleOrder) -> Cursor | None:
    """Read a cursor of the list of people; raise Invalid for one that no page has given out."""
    return Cursor.parse(text, of=_PEOPLE_KEYS[order])


def people(session: Session, order: PeopleOrder, cursor: Cursor | None, *, search: str = "") -> Page[Person]:
    """Return a page of the people whose names contain `search`; one statement."""
    key = name_key(search)
    if search and not key:
        # Signs alone are no part of any name's key, and would otherwise find everybody.
        return Page(rows=(), previous=None, next=None)
    statement = _people.where(User.name_key.contains(key, autoescape=True)) if key else _people
    ascending = order is PeopleOrder.NAME
    placed = place(
        statement, cursor, key=_PEOPLE_COLUMNS[order], id=User.id, size=PEOPLE_PER_PAGE, ascending=ascending
    )
    rows = [Person(*row) for row in session.execute(placed)]
    return paged(rows, cursor, place_of=lambda row: (row.key(order), row.id), size=PEOPLE_PER_PAGE)


def people_beginning(session: Session, beginning: str, *, limit: int) -> tuple[Person, ...]:
    """Return people whose names begin so, those with most reputation among the first; one statement."""
    key = name_key(beginning)
    if not key:
        return ()
    first = select(User.id).where(begins_with(session, User.name_key, key)).order_by(User.name_key)
    some = _people.where(User.id.in_(first.limit(BEGINNINGS_READ)))
    rows = session.execute(some.order_by(User.reputation.desc(), User.id).limit(limit))
    return tuple(Person(*row) for row in rows)


def people_by_id(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    """Return some people; one statement. Numbers that no account can have are nobody's."""
    possible = [id for id in ids if id <= LARGEST_ID]
    people = (Person(*row) for row in reading.rows(session, _people_by_id, ids=possible))
    return {person.id: person for person in people}


def profile(session: Session, user_id: int) -> Profile | None:
    """Return what everybody may know of a person; one statement."""
    row = session.execute(_profile, {"user_id": user_id}).one_or_none()
    return Profile(*row) if row else None
