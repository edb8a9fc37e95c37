"""Rate limits that hold across processes and restarts: the `limits` library counting in our database.

Counting has a transaction of its own, so that an attempt counts even when the request it belongs to is
rolled back. Call `RateLimits.count` before the request's own transaction writes anything: on SQLite the
two would wait for each other.
"""

import time

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import BigInteger, Integer, String, case, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Database
from forum.core.errors import TooMany
from forum.core.inserts import insert_into
from forum.core.page_version import UNSEEN_TABLE
from forum.core.tables import Base


class RateLimitWindow(Base):
    """How often something was done in the window that ends at `ends_at` (seconds since 1970)."""

    __tablename__ = "rate_limit_window"
    __table_args__ = UNSEEN_TABLE

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[int] = mapped_column(BigInteger, index=True)


class DatabaseStorage(Storage):
    """What the `limits` library needs to keep its counters in our database."""

    STORAGE_SCHEME = None

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors that this storage raises when it is out of order."""
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter, or begin a new window of `expiry` seconds, in one atomic statement."""
        now = int(time.time())
        is_over = RateLimitWindow.ends_at <= now
        with self._database.transaction() as session:
            first = insert_into(session, RateLimitWindow).values(key=key, count=amount, ends_at=now + expiry)
            statement = first.on_conflict_do_update(
                index_elements=[RateLimitWindow.key],
                set_={
                    "count": case((is_over, amount), else_=RateLimitWindow.count + amount),
                    "ends_at": case((is_over, now + expiry), else_=RateLimitWindow.ends_at),
                },
            )
            return session.execute(statement.returning(RateLimitWindow.count)).scalar_one()

    def get(self, key: str) -> int:
        """Return the count of the present window."""
        return self._window(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when the present window ends, in seconds since 1970."""
        return float(self._window(key)[1])

    def _window(self, key: str) -> tuple[int, int]:
        now = int(time.time())
        statement = select(RateLimitWindow.count, RateLimitWindow.ends_at).where(
            RateLimitWindow.key == key, RateLimitWindow.ends_at > now
        )
        with self._database.reading() as session:
            row = session.execute(statement).one_or_none()
        # Unpacked, as a row's own `count` is the method of a tuple.
        count, ends_at = row or (0, now)
        return count, ends_at

    def check(self) -> bool:
        """Tell whether counting works: the health check looks at the database itself."""
        return True

    def reset(self) -> int | None:
        """Forget all counters."""
        with self._database.transaction() as session:
            session.execute(delete(RateLimitWindow))
        return None

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._database.transaction() as session:
            session.execute(delete(RateLimitWindow).where(RateLimitWindow.key == key))

    def sweep(self) -> None:
        """Delete the windows that are over; the worker calls this now and then."""
        with self._database.transaction() as session:
            session.execute(delete(RateLimitWindow).where(RateLimitWindow.ends_at <= int(time.time())))


class RateLimits:
    """Counts what people do and says when it is too much."""

    def __init__(self, database: Database) -> None:
        self.storage = DatabaseStorage(database)
        self._limiter = FixedWindowRateLimiter(self.storage)

    def count(self, limit: str, *who: str, message: str) -> None:
        """Count one attempt of `who` against a limit such as "10 per 5 minutes"; raise TooMany above it."""
        item: RateLimitItem = parse(limit)
        if self._limiter.hit(item, *who):
            return
        ends_at = self._limiter.get_window_stats(item, *who).reset_time
        raise TooMany(message, retry_after=max(1, int(ends_at - time.time()) + 1))
