"""What the worker does now and then so that a site stays small and quick without anybody looking after it."""

from forum.accounts import actions as accounts
from forum.core.db import Database
from forum.core.rate_limits import RateLimits

SWEEP_SECONDS = 3600.0
"""How often the worker sweeps."""


def sweep(database: Database) -> None:
    """Delete rate-limit windows, sessions and one-time links that are over; renew SQLite's statistics."""
    RateLimits(database).storage.sweep()
    with database.transaction() as session:
        accounts.forget_expired(session)
    database.gather_statistics()
