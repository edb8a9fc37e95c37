"""What the worker does now and then so that a site stays small and quick without anybody looking after it."""

import structlog

from forum.accounts import actions as accounts
from forum.core.db import Database
from forum.core.rate_limits import RateLimits
from forum.drafts import actions as drafts
from forum.images import cleaning
from forum.images.storage import ImageStore, StoreUnavailable
from forum.searches import actions as searches

SWEEP_SECONDS = 3600.0
"""How often the worker sweeps."""

log = structlog.get_logger(__name__)


def sweep(database: Database, images: ImageStore) -> None:
    """Delete rate limits, sessions, links, drafts, counts and images that are over; renew statistics."""
    RateLimits(database).storage.sweep()
    with database.transaction() as session:
        accounts.forget_expired(session)
        drafts.forget_old(session)
        searches.forget_old(session)
    try:
        cleaning.sweep(database, images)
    except StoreUnavailable as error:
        # The next sweep finds them again.
        log.warning("images were not cleaned", error=error.message)
    database.gather_statistics()
