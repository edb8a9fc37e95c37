"""Who is here, and who may come in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from forum.accounts.models import LoginSession, OneTimeLink, User
from forum.accounts.rules import Actor, email_key, name_key
from forum.core import clock
from forum.core.tokens import hash_token

_viewer = (
    select(User.id, User.name, User.role, User.reputation)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("token_hash"), LoginSession.expires_at > bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """What a one-time link lets its bearer do."""

    purpose: str
    user_id: int | None
    user_name: str | None


def viewer(session: Session, token: str) -> Actor | None:
    """Return who is signed in with the secret of a cookie; one statement."""
    values = {"token_hash": hash_token(token), "now": clock.now()}
    row = session.execute(_viewer, values).one_or_none()
    return Actor(*row) if row else None


def actor(session: Session, user_id: int) -> Actor | None:
    """Return a person as the rules see them."""
    statement = select(User.id, User.name, User.role, User.reputation).where(User.id == user_id)
    row = session.execute(statement).one_or_none()
    return Actor(*row) if row else None


def accounts_to_sign_in(session: Session, login: str) -> Sequence[Row[int, str | None]]:
    """Return the accounts that a name or an e-mail address may mean, the oldest first."""
    means = or_(User.name_key == name_key(login), User.email_key == email_key(login))
    return session.execute(select(User.id, User.password_hash).where(means).order_by(User.id).limit(20)).all()


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
