"""The one place that knows what time it is, so that tests, the demo and imports can live in another."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Return the present moment in UTC, or the moment that `frozen` holds."""
    return _frozen.get() or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Let `now` return `at` inside the block, in this thread only; `at` must carry its time zone."""
    if at.tzinfo is None:
        raise ValueError("a frozen clock needs a time zone")
    token = _frozen.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
