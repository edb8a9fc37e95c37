"""What the worker does now and then so that a site stays small and quick without anybody looking after it."""

from forum.accounts import actions as accounts
from forum.core.db import Database
from forum.core.rate_limits import RateLimits
from forum.searches import actions as searches

SWEEP_SECONDS = 3600.0
"""How often the worker sweeps."""


def sweep(database: Database) -> None:
    """Delete rate-limit windows, sessions, links and counts of searches that are over; renew statistics."""
    RateLimits(database).storage.sweep()
    with database.transaction() as session:
        accounts.forget_expired(session)
        searches.forget_old(session)
    database.gather_statistics()
