"""Work shared out among processes that are forked from this one, with its results in their order."""

import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
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


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item], *, processes: int, before: Callable[[], None]
) -> Generator[Result, None, None]:
    """Yield the results of all items in the order of the items; `processes` work ahead of who takes them.

    What may not be inherited, such as connections, is closed by `before`. Whatever else `work` needs is
    inherited, and only items and results are sent. What `work` raises is raised here. With one process, all
    is done in this one; so is what is left when another one dies.
    """
    if processes < 2:
        yield from map(work, items)
        return
    before()
    pool = ProcessPoolExecutor(processes, get_context("fork"), _begin, (work, os.getpid()))
    try:
        # All processes start with the first piece of work, before anything is opened here again.
        pool.submit(os.getpid).result()
        yield from _gathered(pool, work, items, ahead=_AHEAD * processes)
    finally:
        pool.shutdown(cancel_futures=True)


def _gathered(
    pool: ProcessPoolExecutor, work: Callable[[Item], Result], items: Iterable[Item], *, ahead: int
) -> Iterator[Result]:
    left = iter(items)
    given, promised = deque[Item](), deque[Future[Result]]()
    try:
        for item in left:
            # Noted first, as a pool that has lost a process takes nothing more.
            given.append(item)
            promised.append(pool.submit(_do, item))
            if len(promised) > ahead:
                yield promised.popleft().result()
                given.popleft()
        while promised:
            yield promised.popleft().result()
            given.popleft()
    except BrokenProcessPool:
        log.warning("A process that shared the work has died; this one does the rest by itself.")
        yield from map(work, given)
        yield from map(work, left)


_inherited: list[Callable[[Any], Any]] = []
"""The work of a process that was forked for it, as functions can't be sent to one."""


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    """Make a process ready: it ends with its parent, which also answers what is typed at a terminal."""
    _inherited.append(work)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    when_parent_ends(parent, lambda: os._exit(1))


def _do(item: Any) -> Any:
    return _inherited[-1](item)
