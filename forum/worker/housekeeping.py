"""Removing what is over: nothing reads it any more, and it would only grow."""

from forum.accounts import actions as accounts
from forum.core.db import Database
from forum.core.rate_limits import RateLimits

SWEEP_SECONDS = 3600.0
"""How often the worker sweeps."""


def sweep(database: Database) -> None:
    """Delete rate-limit windows, login sessions and one-time links that are over."""
    RateLimits(database).storage.sweep()
    with database.transaction() as session:
        accounts.forget_expired(session)
