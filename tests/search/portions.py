"""A rebuild in portions so small that a handful of threads makes several."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy.orm import Session

from forum.search import indexer
from forum.search.documents import visible_thread_ids


@contextmanager
def in_portions(threads: int, *, keep_every: int) -> Iterator[None]:
    """Read so many threads at once inside the block, and keep a rebuild after so many."""

    def few(session: Session, *, after: int = 0) -> Sequence[int]:
        return visible_thread_ids(session, after=after)[:threads]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(indexer, "visible_thread_ids", few)
        patch.setattr(indexer, "KEEP_EVERY", keep_every)
        yield
