"""Markdown in, safe HTML out: rendered once, when a text is written, and stored.

The steps are Python-Markdown with extensions (`syntax`), then Bleach on an allow list with a check of every
address (`sanitising`). They run in a process of their own (`pool`, `child`), because neither library ends in
reasonable time on every input. A text that can't be rendered is stored as it was written.
"""

import atexit
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from forum.core.markup.links import safe_address
from forum.core.markup.mentions import find_mentions, mention_key
from forum.core.markup.pool import ChildPool, in_batches
from forum.core.markup.values import DEFAULT_ANCHOR, RENDER_VERSION, Flavour, Rendered, Source

__all__ = [
    "DEFAULT_ANCHOR",
    "RENDER_VERSION",
    "Flavour",
    "Rendered",
    "Source",
    "find_mentions",
    "mention_key",
    "render",
    "render_many",
    "safe_address",
]

# Two, so that one hostile text does not hold up all others for long. The second starts when the first is busy
# for so many seconds: an ordinary text takes some milliseconds, and each process eighteen megabytes.
_pool = ChildPool(2, patience=0.5)
atexit.register(_pool.close)


def render(
    source: str,
    *,
    flavour: Flavour = Flavour.POST,
    mentions: Mapping[str, str] | None = None,
    anchor: str = DEFAULT_ANCHOR,
) -> Rendered:
    """Return a Markdown source as safe HTML, within about two seconds of CPU time whatever it holds.

    `mentions` maps keys, as of `mention_key`, to addresses. `anchor` is the prefix of the ids of footnotes
    and must be different for each text on a page, such as "p42"; raises ValueError when it is no such word.
    """
    return _pool.render(Source(source, flavour, mentions or {}, anchor))


def render_many(sources: Iterable[Source]) -> Iterator[Rendered]:
    """Yield the rendered sources in their order, worked on by as many processes as there are processors."""
    size = os.cpu_count() or 1
    pool = ChildPool(size)
    waiting: deque[Future[list[Rendered]]] = deque()
    try:
        with ThreadPoolExecutor(size) as threads:
            for batch in in_batches(sources):
                waiting.append(threads.submit(pool.render_all, batch))
                if len(waiting) >= 2 * size:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
    finally:
        pool.close()
