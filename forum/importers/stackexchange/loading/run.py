"""What every part of one import's loading needs."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from types import TracebackType

from sqlalchemy import select

from forum.core.db import Database
from forum.core.markup import Rendered, Source
from forum.core.markup.pool import ChildPool, in_batches
from forum.importers.stackexchange import staged_tables as staged
from forum.importers.stackexchange.links import Links, Places
from forum.importers.stackexchange.rows import PostType
from forum.importers.stackexchange.staging import Staging

_REMEMBERED_PLACES = 100_000


class Renderer:
    """Renders texts in as many processes as there are processors, which live as long as the import."""

    def __init__(self) -> None:
        size = os.cpu_count() or 1
        self._pool = ChildPool(size)
        self._threads = ThreadPoolExecutor(size)

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        self._pool.close()

    def begin(self, sources: Iterable[Source]) -> Iterator[Rendered]:
        """Begin to render, and return what gives the rendered sources in their order."""
        return chain.from_iterable(self._threads.map(self._pool.render_all, in_batches(sources)))

    def render(self, sources: Iterable[Source]) -> list[Rendered]:
        """Return the rendered sources in their order."""
        return list(self.begin(sources))


@dataclass(frozen=True, slots=True)
class Run:
    """One import at work: from a staging file into a database."""

    database: Database
    staging: Staging
    origin: str
    links: Links
    renderer: Renderer
    first_day: datetime
    """When the oldest post was written, which is when tags are taken to have come into being."""


def places_in(staging: Staging) -> Places:
    """Return where the posts and people of a staged dump are; to be asked once they have their local ids."""
    post = staged.post

    # Links cluster on few posts; the limit keeps a huge dump from filling the memory.
    @lru_cache(_REMEMBERED_PLACES)
    def place_of_post(id_: int) -> tuple[str, int] | None:
        kept = post.c.type.in_([PostType.QUESTION, PostType.ANSWER])
        found = staging.select(select(post.c.type, post.c.local_id).where(post.c.id == id_, kept))
        if not found or found[0].local_id is None:
            return None
        return ("question" if found[0].type == PostType.QUESTION else "answer", found[0].local_id)

    @lru_cache(_REMEMBERED_PLACES)
    def place_of_user(id_: int) -> int | None:
        found = staging.select(select(staged.user.c.local_id).where(staged.user.c.id == id_))
        return found[0].local_id if found else None

    return Places(post=place_of_post, user=place_of_user)
