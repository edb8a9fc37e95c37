"""Work shared out among processes that are forked from this one, with its results in their order."""

import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from forum.core.parent import when_parent_ends

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST_PROCESSES = 4
"""So many are used at the most, however many processors there are: each takes memory of its own."""

_AHEAD = 2
"""Pieces of work for each process that are given out before their results are asked for."""

log = logging.getLogger(__name__)


def processes_here() -> int:
    """Return among how many processes work is worth sharing out here; 1 where forking is not safe."""
    return min(os.cpu_count() or 1, MOST_PROCESSES) if sys.platform == "linux" else 1


@contextmanager
def shared(*works: Callable[[Any], Any], processes: int, before: Callable[[], None]) -> Iterator["Shared"]:
    """Give what lets so many processes do these kinds of work; with one, all is done in this one.

    What may not be inherited, such as connections, is closed by `before`. Whatever else the works need is
    inherited, and what they remember is still there for the next piece; only items and results are sent.
    """
    if processes < 2:
        yield Shared(works)
        return
    before()
    pool = ProcessPoolExecutor(processes, get_context("fork"), _begin, (works, os.getpid()))
    try:
        # All processes start with the first piece of work, before anything is opened here again.
        pool.submit(os.getpid).result()
        yield Shared(works, pool, ahead=_AHEAD * processes)
    finally:
        pool.shutdown(cancel_futures=True)


class Shared:
    """Works that are shared out, if there is anybody to share them with."""

    def __init__(
        self,
        works: Sequence[Callable[[Any], Any]],
        pool: ProcessPoolExecutor | None = None,
        *,
        ahead: int = 0,
    ) -> None:
        self._works = works
        self._pool = pool
        self._ahead = ahead

    def in_order(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results of one of the works for all items, in their order.

        The processes work ahead of who takes the results. What `work` raises is raised here. When a process
        dies, what is left is done in this one.
        """
        left = iter(items)
        given, promised = deque[Item](), deque[Future[Result]]()
        try:
            while self._pool is not None:
                for item in islice(left, self._ahead + 1 - len(given)):
                    # Noted first, as a pool that has lost a process takes nothing more.
                    given.append(item)
                    promised.append(self._pool.submit(_do, self._works.index(work), item))
                if not promised:
                    return
                yield promised.popleft().result()
                given.popleft()
        except BrokenProcessPool:
            self._pool = None
            log.warning("A process that shared the work has died; this one does the rest by itself.")
        yield from map(work, given)
        yield from map(work, left)


_inherited: list[Callable[[Any], Any]] = []
"""What a process was forked for, as functions can't be sent to one."""


def _begin(works: Sequence[Callable[[Any], Any]], parent: int) -> None:
    """Make a process ready: it ends with its parent, which also answers what is typed at a terminal."""
    _inherited.extend(works)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    when_parent_ends(parent, lambda: os._exit(1))


def _do(work: int, item: Any) -> Any:
    return _inherited[work](item)
