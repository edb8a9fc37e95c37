"""What a request may use: the site's parts, who is looking, and sessions that open at first use.

A safe request reads in one snapshot and can't write. An unsafe request has one transaction, begun at the
first call of `write_session`; it is committed when the view has returned a response below 400, before
that response is sent, and rolled back in every other case. Views that many people wait for let it end by
`save`, before they make their answer.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.core.maintenance import Maintenance
from forum.core.rate_limits import RateLimits
from forum.core.readiness import Readiness
from forum.core.settings import Settings
from forum.images.storage import ImageStore
from forum.search.engine import SearchEngine
from forum.web.activity import Activity

_NOT_ASKED: Any = object()
_SIGNED_IN = "_user_id"
"""Where Flask-Login keeps the login token in the session."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON_ENDPOINTS = frozenset({"images.upload"})


class SignInNeeded(Exception):
    """What was asked for is only for people who have signed in."""


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that all requests of a process share."""

    settings: Settings
    database: Database
    limits: RateLimits
    activity: Activity
    engine: SearchEngine
    images: ImageStore
    maintenance: Maintenance
    readiness: Readiness


def install(app: Flask, site: Site) -> None:
    """Give the app its parts, and end what a request opened when the request ends."""
    app.extensions["askwell"] = site
    app.teardown_request(_close)


def site() -> Site:
    """Return the parts that all requests of this process share."""
    parts: Site = current_app.extensions["askwell"]
    return parts


def settings() -> Settings:
    """Return the site's settings."""
    return site().settings


def database() -> Database:
    """Return the site's database."""
    return site().database


def limits() -> RateLimits:
    """Return the rate limits; count before the first call of `write_session`."""
    return site().limits


def activity() -> Activity:
    """Return what counts views and visits without writing during a GET."""
    return site().activity


def engine() -> SearchEngine:
    """Return the search engine."""
    return site().engine


def image_store() -> ImageStore:
    """Return where the files of images are."""
    return site().images


def viewer() -> Actor | None:
    """Return who is looking, or None for a visitor; one statement at the first call of a request."""
    actor: Actor | None = g.get("viewer", _NOT_ASKED)
    if actor is _NOT_ASKED:
        # For visitors Flask-Login would make a fingerprint of the browser and look for other cookies.
        actor = g.viewer = current_user.actor if _SIGNED_IN in session else None
    return actor


def forget_viewer() -> None:
    """Look again who it is, after somebody signed in or out."""
    g.pop("viewer", None)


def signed_in() -> Actor:
    """Return who is looking; raise SignInNeeded for a visitor."""
    actor = viewer()
    if actor is None:
        raise SignInNeeded
    return actor


def is_safe() -> bool:
    """Tell whether the request promises to change nothing."""
    return request.method in SAFE_METHODS


def wants_fragment() -> bool:
    """Tell whether a script asks for the changed part of the page instead of a redirect."""
    return "HX-Request" in request.headers


def answers_in_json() -> bool:
    """Tell whether the request is for a program alone, which wants its errors as JSON too."""
    return request.endpoint in JSON_ENDPOINTS


def read_session() -> Session:
    """Return the request's session that can't write."""
    opened: Session | None = g.get("read_session")
    if opened is None:
        opened = g.read_session = database().read()
    return opened


def read_afresh() -> Session:
    """Return a session that can't write and sees what others have committed up to now."""
    opened: Session | None = g.pop("read_session", None)
    if opened is not None:
        opened.close()
    return read_session()


def write_session() -> Session:
    """Return the request's session that the scope commits; raise RuntimeError in a safe request."""
    if is_safe():
        raise RuntimeError(f"{request.method} {request.path} tried to write")
    opened: Session | None = g.get("write_session")
    if opened is None:
        opened = g.write_session = database().write()
    return opened


def finish(response: Response) -> None:
    """Commit what the request wrote if its response is no error; forget it otherwise."""
    if response.status_code >= 400:
        forget_writes()
    else:
        save()


def save() -> None:
    """Commit what the request wrote, so that nobody waits while its answer is made."""
    opened: Session | None = g.pop("write_session", None)
    if opened is not None:
        with opened:
            database().finish(opened)


def forget_writes() -> None:
    """Roll back what the request wrote and release its lock, so that an error page keeps nobody waiting."""
    opened: Session | None = g.pop("write_session", None)
    if opened is not None:
        opened.close()


def _close(_error: BaseException | None) -> None:
    forget_writes()
    opened: Session | None = g.pop("read_session", None)
    if opened is not None:
        opened.close()
