"""Several processes that render, shared by all threads of a server."""

import os
import queue
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from forum.core.markup.fallback import unformatted
from forum.core.markup.process import Limits, RenderingChild
from forum.core.markup.values import Rendered, Source

MAX_SOURCE = 262_144  # characters; forms take a quarter of it, imports may bring more

# Sending a batch costs what sending a single source does. More at once would leave processes without work at
# the end, and longer ones would come near the limits of memory.
_MOST_IN_BATCH = 16
_LONGEST_BATCH = 65_536  # characters


class ChildPool:
    """Some processes for any number of threads; one slow source holds up only the process that reads it."""

    def __init__(self, size: int = 2, *, limits: Limits | None = None, patience: float = 0.0) -> None:
        """Use up to `size` processes; a further one starts when none is free for `patience` seconds."""
        self._size = size
        self._limits = limits or Limits()
        self._patience = patience
        self._fill()
        _pools.add(self)

    def render(self, source: Source) -> Rendered:
        """Return the source rendered, or unformatted when that takes too long; waits for a free process."""
        if len(source.text) > MAX_SOURCE:
            return unformatted(source.text)
        with self._child() as child:
            rendered = child.render(source)
        return unformatted(source.text) if rendered is None else rendered

    def render_all(self, sources: Sequence[Source]) -> list[Rendered]:
        """Return sources rendered as `render` does, by one process; see `in_batches` for how many at once."""
        results = None
        if all(len(source.text) <= MAX_SOURCE for source in sources):
            with self._child() as child:
                results = child.render_all(sources)
        if results is None:
            # One of them is too much; the others shall not suffer for it.
            return [self.render(source) for source in sources]
        return [
            unformatted(source.text) if rendered is None else rendered
            for source, rendered in zip(sources, results, strict=True)
        ]

    @contextmanager
    def _child(self) -> Iterator[RenderingChild]:
        free = self._free
        child = self._next()
        try:
            yield child
        finally:
            free.put(child)

    def pids(self) -> list[int]:
        """Return the numbers of the processes that were started."""
        return [child.pid for child in self._children if child.pid is not None]

    def close(self) -> None:
        """End all processes; they start again when there is something to render."""
        for child in self._children:
            child.close()

    def renew_after_fork(self) -> None:
        """Take other processes: the pipes, and the answers in them, belong to the process we came from."""
        for child in self._children:
            child.forget()
        self._fill()

    def _next(self) -> RenderingChild:
        while True:
            try:
                return self._free.get(timeout=self._patience)
            except queue.Empty:
                # One that gets ready is no sign of much to do; on a busy machine that takes seconds.
                if self._patience and any(child.is_starting for child in self._children):
                    continue
                try:
                    return self._reserve.pop()
                except IndexError:
                    return self._free.get()

    def _fill(self) -> None:
        self._children = [RenderingChild(self._limits) for _ in range(self._size)]
        self._reserve = self._children[1:]
        # Last in, first out: what has started is used before what has not.
        self._free: queue.LifoQueue[RenderingChild] = queue.LifoQueue()
        self._free.put(self._children[0])


def in_batches(sources: Iterable[Source]) -> Iterator[list[Source]]:
    """Yield the sources in lists that suit a process, for `ChildPool.render_all`."""
    batch: list[Source] = []
    size = 0
    for source in sources:
        if batch and (len(batch) == _MOST_IN_BATCH or size + len(source.text) > _LONGEST_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(source)
        size += len(source.text)
    if batch:
        yield batch


def _renew_after_fork() -> None:
    for pool in list(_pools):
        pool.renew_after_fork()


_pools: "weakref.WeakSet[ChildPool]" = weakref.WeakSet()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_after_fork)
