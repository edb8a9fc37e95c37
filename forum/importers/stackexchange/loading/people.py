"""People and their badges."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.accounts.rules import LOCATION_LENGTH, WEBSITE_LENGTH, check_name, name_key
from forum.badges.models import BadgeAward
from forum.core.errors import Invalid
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.loading.adding import add_numbered
from forum.importers.stackexchange.loading.origins import Loaded, remember
from forum.importers.stackexchange.loading.run import Run
from forum.importers.stackexchange.progress import Step

_BATCH = 400
_LEVELS = {1: "gold", 2: "silver", 3: "bronze"}


def load_people(run: Run, step: Step) -> None:
    """Make an account without a password for everybody in the dump; it waits to be claimed."""
    for people in _batches(run, select(staged.user).where(staged.user.c.state == "")):
        with run.database.transaction() as session:
            taken = _taken_keys(session, people, origin=run.origin)
            rows = [_account(person, taken, origin=run.origin) for person in people]
            ids = add_numbered(session, User, rows)
            loaded = [Loaded("user", person.id, id_) for person, id_ in zip(people, ids, strict=True)]
            remember(session, run.staging, run.origin, loaded)
        step.advance(len(people))


def load_badges(run: Run, step: Step) -> None:
    """Award the badges of the dump."""
    table = staged.badge
    awarded = (
        select(
            table.c.id,
            table.c.name,
            table.c.rank,
            table.c.is_for_tag,
            table.c.awarded_at,
            staged.user.c.local_id,
        )
        .join(staged.user, staged.user.c.id == table.c.user_id)
        .where(table.c.state == "")
    )
    for badges in _batches(run, awarded):
        rows = [
            {
                "user_id": badge.local_id,
                "name": badge.name,
                "level": _LEVELS[badge.rank],
                "is_for_tag": bool(badge.is_for_tag),
                "awarded_at": badge.awarded_at,
            }
            for badge in badges
        ]
        with run.database.transaction() as session:
            ids = add_numbered(session, BadgeAward, rows)
            loaded = [Loaded("badge", badge.id, id_) for badge, id_ in zip(badges, ids, strict=True)]
            remember(session, run.staging, run.origin, loaded)
        step.advance(len(badges))


def _batches(run: Run, statement: Any) -> Iterator[list[Row[Any]]]:
    """Yield the rows that wait to be loaded, some at a time; loading a batch takes it out of the query."""
    while batch := run.staging.select(statement.limit(_BATCH)):
        yield batch


def _account(person: Row[Any], taken: set[str], *, origin: str) -> dict[str, object]:
    website = person.website if len(person.website) <= WEBSITE_LENGTH else ""
    key = next(key for key in _keys(person, origin) if key not in taken)
    taken.add(key)
    return {
        "name": person.display_name,
        "name_key": key,
        "location": person.location[:LOCATION_LENGTH],
        "website": website,
        "created_at": person.created_at,
        "last_seen_at": person.last_seen_at,
    }


def _keys(person: Row[Any], origin: str) -> list[str]:
    """Return the name keys that an imported account may have, the best first and the last one always free.

    Nobody can register a name with "#", so namesakes and reserved names get a key with their number.
    """
    key = name_key(person.display_name)
    numbered = [f"{key}#{person.id}", f"{key}#{person.id}@{origin}"]
    return [key, *numbered] if _may_be_registered(person.display_name) else numbered


def _taken_keys(session: Session, people: Sequence[Row[Any]], *, origin: str) -> set[str]:
    keys = {key for person in people for key in _keys(person, origin)}
    return set(session.scalars(select(User.name_key).where(User.name_key.in_(keys))))


def _may_be_registered(name: str) -> bool:
    """Tell whether somebody could register the name; a reserved one must not find the account."""
    try:
        check_name(name)
    except Invalid:
        return False
    return True
