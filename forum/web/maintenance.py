"""A closed site: every page is answered by the same one, while its administrators look around."""

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from forum.core.readiness import State
from forum.web import login
from forum.web.plain_page import closed_site, silent_database, unfit_database
from forum.web.request_scope import site, viewer

_STAY_OPEN = frozenset({"health.status", "metrics.show", "brand.show"})
"""What monitoring asks for, and what the page itself needs; static files are served before the app."""


def install(app: Flask) -> None:
    """Let no request go further while the site is closed or its database can't be used."""
    app.before_request(_refuse)


def is_closed() -> bool:
    """Tell whether this request is an administrator's, on a site that is closed for everybody else."""
    return bool(g.get("is_closed", False))


def _refuse() -> Response | None:
    if request.endpoint in _STAY_OPEN:
        return None
    state, note = site().readiness.state(), site().maintenance.text()
    if note is not None:
        if state is State.READY and _is_administrator():
            g.is_closed = True
            return None
        return closed_site(note)
    if state is State.UNFIT:
        return unfit_database()
    return silent_database() if state is State.SILENT else None


def _is_administrator() -> bool:
    # Visitors cost no statement, however many of them reload the page.
    if login.token() is None:
        return False
    try:
        actor = viewer()
    except SQLAlchemyError:
        return False
    return actor is not None and actor.is_admin
