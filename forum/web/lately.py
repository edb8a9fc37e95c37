"""Who did what a short while ago, so that doing it again counts for nothing. It is kept in memory only."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Deed = TypeVar("Deed", bound=Hashable)


class Lately(Generic[Deed]):
    """The deeds of the last seconds, the oldest forgotten when they are too many; callers hold a lock."""

    def __init__(self, *, seconds: float, limit: int) -> None:
        """A deed counts again after `seconds`; at most `limit` of them are remembered."""
        self.limit = limit
        self._seconds = seconds
        self._deeds: OrderedDict[Deed, float] = OrderedDict()

    def __len__(self) -> int:
        """Return how many deeds are remembered."""
        return len(self._deeds)

    def is_new(self, deed: Deed) -> bool:
        """Remember the deed, and tell whether it counts: it was not done within the last seconds."""
        now = time.monotonic()
        last = self._deeds.pop(deed, None)
        is_new = last is None or now - last > self._seconds
        self._deeds[deed] = now if last is None or is_new else last
        if len(self._deeds) > self.limit:
            self._deeds.popitem(last=False)
        return is_new

    def forget(self, deed: Deed) -> None:
        """Let the deed count when it is done again."""
        self._deeds.pop(deed, None)
