"""Making accounts, letting people in, and changing what is known of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts import queries, rules
from forum.accounts.models import LoginSession, OneTimeLink, User
from forum.core import clock, passwords
from forum.core.errors import Invalid, NotFound, Refused
from forum.core.i18n import LANGUAGES, gettext
from forum.core.markup import Flavour, render
from forum.core.page_version import UNSEEN
from forum.core.tokens import hash_token, new_token
from forum.images.actions import refer

_SHARED_ADDRESS = 2
"""How many accounts with one e-mail address can sign in by it; always that many hashes are computed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """Somebody whose password fits, and whether it is still kept with weaker parameters than today's."""

    user_id: int
    has_outdated_hash: bool


def register(session: Session, *, name: str, email: str, password: str) -> int:
    """Make an account and return its id; raise Invalid for a name that is taken or what can't be used.

    An e-mail address that is in use is accepted like any other: refusing it would tell who is here.
    """
    return create_user(session, name=name, email=email, password=password, role="member")


def create_user(session: Session, *, name: str, email: str, password: str, role: str) -> int:
    """Make an account with a role and return its id; raise Invalid as `register` does."""
    name = rules.check_name(name)
    email = _check_email(email)
    rules.check_password(password, name=name, email=email)
    user = User(
        name=name,
        name_key=rules.name_key(name),
        email=email or None,
        email_key=rules.email_key(email) or None,
        password_hash=passwords.hash_password(password),
        role=_known_role(role),
        created_at=clock.now(),
    )
    try:
        # The savepoint keeps the caller's transaction alive when somebody else took the name just now.
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        raise Invalid(
            "name", gettext("Somebody else has this name, or one that looks like it; choose another.")
        ) from None
    return user.id


def recognise(session: Session, *, login: str, password: str) -> Recognised | None:
    """Return whose name or e-mail address and password these are, or None.

    The work is the same whether or not there is such an account. Only reads: give it a session that can't
    write, or the seconds of hashing of many people signing in would keep everybody else from writing.
    """
    found = [row for row in queries.accounts_to_sign_in(session, login) if row.password_hash]
    tries = [(row.id, row.password_hash) for row in found[:_SHARED_ADDRESS]]
    tries += [(0, None)] * (_SHARED_ADDRESS - len(tries))
    fitting = [(user_id, kept) for user_id, kept in tries if passwords.verify(kept, password) and kept]
    if not fitting:
        return None
    user_id, kept = fitting[0]
    return Recognised(user_id=user_id, has_outdated_hash=passwords.needs_rehash(kept))


def renew_hash(session: Session, user_id: int, password: str) -> None:
    """Hash somebody's unchanged password with today's parameters."""
    _set_hash(session, user_id, password)


def open_session(session: Session, user_id: int) -> str:
    """Sign a browser in and return the secret that its cookie keeps."""
    token, now = new_token(), clock.now()
    expires_at = now + timedelta(days=rules.SESSION_DAYS)
    session.add(
        LoginSession(token_hash=hash_token(token), user_id=user_id, created_at=now, expires_at=expires_at)
    )
    session.flush()
    return token


def close_session(session: Session, token: str) -> None:
    """Sign one browser out."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hash_token(token)))


def close_other_sessions(session: Session, user_id: int, *, keep: str | None) -> None:
    """Sign a person out everywhere but in the browser whose secret is `keep`."""
    statement = delete(LoginSession).where(LoginSession.user_id == user_id)
    if keep is not None:
        statement = statement.where(LoginSession.token_hash != hash_token(keep))
    session.execute(statement)


def change_password(
    session: Session, user_id: int, *, current: str, new: str, keep_token: str | None
) -> None:
    """Give a person who knows the present password a new one, and end all other sessions."""
    user = _user(session, user_id)
    if not passwords.verify(user.password_hash, current):
        raise Invalid("current", gettext("This is not your present password."))
    set_password(session, user_id, password=new, field="new", keep_token=keep_token)


def set_password(
    session: Session, user_id: int, *, password: str, field: str = "password", keep_token: str | None = None
) -> None:
    """Give a person a new password and end the sessions, all but the one of `keep_token`."""
    user = _user(session, user_id)
    try:
        rules.check_password(password, name=user.name, email=user.email or "")
    except Invalid as error:
        raise Invalid(field, error.message) from None
    _set_hash(session, user_id, password)
    close_other_sessions(session, user_id, keep=keep_token)


def choose_language(session: Session, user_id: int, code: str | None) -> None:
    """Keep the language in which somebody wants pages; None for what each of their browsers asks for.

    Raise Invalid for a language that there is not.
    """
    if code is not None and code not in LANGUAGES:
        raise Invalid("language", gettext("Choose one of the languages in the list."))
    session.execute(update(User).where(User.id == user_id).values(language=code))


def set_role(session: Session, user_id: int, role: str) -> None:
    """Give a person a role; raise Refused for taking it from the only administrator."""
    user = _user(session, user_id)
    if user.role == "admin" and role != "admin" and queries.admin_count(session) == 1:
        raise Refused("last admin", gettext("This is the only administrator; promote somebody else first."))
    user.role = _known_role(role)
    session.flush()


def edit_profile(
    session: Session, user_id: int, *, about: str, location: str, website: str, email: str
) -> None:
    """Set what a person tells about themselves; raise Invalid for what is too long or no address."""
    if len(about) > rules.ABOUT_LENGTH:
        raise Invalid("about", gettext("This text has at most %(most)s characters.", most=rules.ABOUT_LENGTH))
    if len(location) > rules.LOCATION_LENGTH:
        raise Invalid(
            "location", gettext("A location has at most %(most)s characters.", most=rules.LOCATION_LENGTH)
        )
    user = _user(session, user_id)
    rendered = render(about, flavour=Flavour.ABOUT)
    email = _check_email(email)
    user.about_source, user.about_html = about, rendered.html
    user.about_render_version = rendered.version
    user.location, user.website = location.strip(), rules.check_website(website)
    user.email, user.email_key = email or None, rules.email_key(email) or None
    session.flush()
    refer(session, "person", user_id, about, keeps_earlier=False)


def issue_link(session: Session, *, purpose: str, user_id: int | None = None) -> str:
    """Return the secret of a fresh one-time link; older ones for the same purpose and person stop working."""
    if purpose == "claim" and user_id is not None and _user(session, user_id).password_hash is not None:
        raise Refused("claimed", gettext("This account already belongs to somebody who can sign in."))
    token, now = new_token(), clock.now()
    same = (OneTimeLink.purpose == purpose, OneTimeLink.user_id.is_not_distinct_from(user_id))
    session.execute(delete(OneTimeLink).where(*same, OneTimeLink.used_at.is_(None)))
    session.add(
        OneTimeLink(
            token_hash=hash_token(token),
            purpose=purpose,
            user_id=user_id,
            created_at=now,
            expires_at=now + timedelta(hours=rules.LINK_HOURS[purpose]),
        )
    )
    session.flush()
    return token


def become_first_admin(session: Session, token: str, *, name: str, email: str, password: str) -> int:
    """Use the link printed at the first start to make the first administrator; return the account's id."""
    _use_link(session, token, purpose="first-admin")
    if queries.admin_count(session):
        raise NotFound(gettext("This site already has an administrator."))
    return create_user(session, name=name, email=email, password=password, role="admin")


def claim(session: Session, token: str, *, name: str, email: str, password: str) -> int:
    """Use a link to take over an imported account under a name of one's choice; return the account's id."""
    user_id = _use_link(session, token, purpose="claim")
    if user_id is None:
        raise NotFound(gettext("This link does not work any more; ask an administrator for a new one."))
    user = _user(session, user_id)
    keeps_name = name.strip() == user.name
    cleaned = user.name if keeps_name else rules.check_name(name)
    email = _check_email(email)
    rules.check_password(password, name=cleaned, email=email)
    key = user.name_key if keeps_name else rules.name_key(cleaned)
    try:
        with session.begin_nested():
            user.name, user.name_key = cleaned, key
    except IntegrityError:
        raise Invalid(
            "name", gettext("Somebody else has this name, or one that looks like it; choose another.")
        ) from None
    user.email, user.email_key = email or None, rules.email_key(email) or None
    user.password_hash = passwords.hash_password(password)
    session.flush()
    return user_id


def touch(session: Session, seen: Mapping[int, datetime]) -> None:
    """Note when people were last seen."""
    for user_id, moment in sorted(seen.items()):
        is_later = User.last_seen_at.is_(None) | (User.last_seen_at < moment)
        seen_now = update(User).where(User.id == user_id, is_later).values(last_seen_at=moment)
        session.execute(seen_now, execution_options={UNSEEN: True})


def forget_expired(session: Session) -> None:
    """Delete the login sessions and the one-time links that are over."""
    now = clock.now()
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= now))
    session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= now))


def _use_link(session: Session, token: str, *, purpose: str) -> int | None:
    """Mark the link as used and return whom it is for; raise NotFound unless it still works."""
    used = (
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > clock.now(),
        )
        .values(used_at=clock.now())
        .returning(OneTimeLink.id, OneTimeLink.user_id)
    )
    row = session.execute(used).one_or_none()
    if row is None:
        raise NotFound(gettext("This link does not work any more; ask an administrator for a new one."))
    user_id: int | None = row.user_id
    return user_id


def _user(session: Session, user_id: int) -> User:
    user = session.execute(
        select(User).where(User.id == user_id).with_for_update(key_share=True)
    ).scalar_one_or_none()
    if user is None:
        raise NotFound(gettext("There is no such person here."))
    return user


def _set_hash(session: Session, user_id: int, password: str) -> None:
    new_hash = passwords.hash_password(password)
    session.execute(update(User).where(User.id == user_id).values(password_hash=new_hash))


def _check_email(email: str) -> str:
    email = email.strip()
    if not email:
        return ""
    # It brings the tables of international names along, which few requests need.
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError:
        raise Invalid(
            "email", gettext("This is not an e-mail address; write it as name@example.org.")
        ) from None


def _known_role(role: str) -> str:
    if role not in rules.ROLES:
        raise Invalid("role", gettext("A role is one of %(roles)s.", roles=", ".join(rules.ROLES)))
    return role
