"""Who has signed in: Flask-Login over a secret token in the signed cookie.

The cookie holds the token of a row in `login_session`. Deleting the row signs the browser out at once,
whatever copies of the cookie exist.
"""

from dataclasses import dataclass

from flask import Flask, session
from flask_login import LoginManager, login_user

from forum.accounts import actions as accounts
from forum.accounts import queries
from forum.accounts.rules import Actor
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.web import languages
from forum.web.request_scope import activity, database, forget_viewer, is_safe, read_session, write_session


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person as Flask-Login sees them; the login token is their id."""

    actor: Actor
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who has not signed in."""

    actor: None = None
    is_authenticated: bool = False
    is_active: bool = False
    is_anonymous: bool = True

    def get_id(self) -> None:
        """Return nothing: a visitor has no token."""


def install(app: Flask) -> None:
    """Let Flask-Login find out who is looking."""
    login_manager = LoginManager(app)
    login_manager.anonymous_user = Visitor
    # Its other modes tie a session to address and browser name, which change on every train ride.
    login_manager.session_protection = None
    login_manager.user_loader(_load)


def token() -> str | None:
    """Return the login token of this browser, valid or not: what Flask-Login kept of SignedIn.get_id."""
    value = session.get("_user_id")
    return value if isinstance(value, str) else None


def begin(user_id: int) -> None:
    """Sign the person in, in a fresh session that shares nothing with the one before."""
    end()
    login_token = accounts.open_session(write_session(), user_id)
    actor = queries.actor(write_session(), user_id)
    if actor is None:
        raise NotFound(gettext("This account was deleted just now."))
    session.permanent = True
    if (code := queries.language_of(write_session(), user_id)) is not None:
        languages.choose(code)
    login_user(SignedIn(actor=actor, token=login_token))
    forget_viewer()


def end() -> None:
    """Sign this browser out; its token is worthless from now on."""
    login_token = token()
    if login_token is not None:
        accounts.close_session(write_session(), login_token)
    session.clear()
    forget_viewer()


def _load(login_token: str) -> SignedIn | None:
    if is_safe():
        actor = queries.viewer(read_session().connection(), login_token)
    else:
        # A snapshot kept open would go stale once the request writes.
        with database().glancing() as connection:
            actor = queries.viewer(connection, login_token)
    if actor is None:
        return None
    activity().note_visit(actor.id)
    return SignedIn(actor=actor, token=login_token)
