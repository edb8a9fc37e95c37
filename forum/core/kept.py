"""Keeping the most recently used of many results, up to a number of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Results of one process by what they are made from; those not asked for lately are dropped first."""

    def __init__(self, *, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._results: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """Return what was kept under a key, if it is still there."""
        with self._lock:
            found = self._results.get(key)
            if found is None:
                return None
            self._results.move_to_end(key)
            return found[0]

    def keep(self, key: Hashable, result: Value, *, size: int) -> None:
        """Keep a result, which takes `size` bytes, in place of the former one."""
        with self._lock:
            self._drop(key)
            self._results[key] = result, size
            self._bytes += size
            while self._bytes > self._most_bytes:
                self._drop(next(iter(self._results)))

    def _drop(self, key: Hashable) -> None:
        found = self._results.pop(key, None)
        if found is not None:
            self._bytes -= found[1]
