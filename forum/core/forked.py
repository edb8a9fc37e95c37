"""Work shared out among processes that are forked from this one, with its results in their order.

Each process has a pipe of its own, over which work and results are sent. The pool of the standard library has
one queue for all results: a process that is killed while it writes one leaves the others waiting for ever.
"""

import logging
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe
from typing import Any, TypeAlias, TypeVar

from forum.core.parent import when_parent_ends

Item = TypeVar("Item")
Result = TypeVar("Result")
Works: TypeAlias = Sequence[Callable[[Any], Any]]

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
        yield Shared(works, ())
        return
    before()
    sharing = Shared(works, [_Child(works) for _ in range(processes)])
    try:
        yield sharing
    finally:
        sharing.dismiss()


class _Died(Exception):
    """A process is gone, perhaps in the middle of a result."""


class _Child:
    """A process that does what it is told."""

    def __init__(self, works: Works) -> None:
        self._pipe, its_end = Pipe()
        self._process = get_context("fork").Process(
            target=_serve, args=(works, its_end, os.getpid()), daemon=True
        )
        self._process.start()
        # With the only other copy closed, the pipe ends when the process does.
        its_end.close()

    def give(self, work: int, item: object) -> None:
        """Let it do a piece of work; items must be so small that a few fit into a pipe. Raise _Died."""
        try:
            self._pipe.send((work, item))
        except OSError:
            raise _Died from None

    def result(self) -> Any:
        """Wait for the result of its oldest piece and return it; raise what the work has raised, or _Died."""
        try:
            is_done, result = self._pipe.recv()
        except (EOFError, OSError):
            raise _Died from None
        if not is_done:
            raise result
        return result

    def dismiss(self) -> None:
        """End it, whatever it does."""
        self._pipe.close()
        self._process.terminate()
        self._process.join()


class Shared:
    """Works that are shared out, if there is anybody to share them with."""

    def __init__(self, works: Works, children: Sequence[_Child]) -> None:
        self._works = works
        self._children = children

    def in_order(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results of one of the works for all items, in their order.

        The processes work ahead of who takes the results. What `work` raises is raised here. When a process
        dies, what is left is done in this one; so it is after somebody has stopped taking results.
        """
        left, given, number = iter(items), deque[tuple[Item, _Child]](), self._works.index(work)
        turns = cycle(self._children)
        ahead = _AHEAD * len(self._children)
        is_over = False
        try:
            while self._children:
                for item in islice(left, ahead + 1 - len(given)):
                    # Noted first, as a process that has died takes nothing more.
                    given.append((item, next(turns)))
                    given[-1][1].give(number, item)
                if not given:
                    is_over = True
                    return
                result = given[0][1].result()
                given.popleft()
                yield result
        except _Died:
            log.warning("A process that shared the work has died; this one does the rest by itself.")
        finally:
            if not is_over:
                self.dismiss()
        yield from map(work, [item for item, _ in given])
        yield from map(work, left)

    def dismiss(self) -> None:
        """End the processes."""
        children, self._children = self._children, ()
        for child in children:
            child.dismiss()


def _serve(works: Works, pipe: Connection, parent: int) -> None:
    """Do what comes over the pipe until it ends; answer nothing that is typed at the parent's terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    when_parent_ends(parent, lambda: os._exit(1))
    with suppress(EOFError, OSError):
        while True:
            work, item = pipe.recv()
            pipe.send(_done(works[work], item))


def _done(work: Callable[[Any], Any], item: object) -> tuple[bool, Any]:
    try:
        return True, work(item)
    except Exception as error:
        return False, error
