"""What happens to documents that are indexed while the index is rebuilt."""

from collections.abc import Mapping
from typing import Protocol

from forum.search.engine import Readable, SearchIndex

_BATCH = 200
"""Documents that are held in memory at once."""


class Copyable(SearchIndex, Readable, Protocol):
    """An index that can give its documents back."""


def carry_over(live: Copyable, before: Mapping[int, str], fresh: SearchIndex) -> None:
    """Bring into `fresh` what changed in `live` since its fingerprints were `before`.

    The caller holds the live index's lock, so that nothing changes there until `fresh` takes its place.
    """
    after = live.fingerprints()
    changed = [thread_id for thread_id, mark in after.items() if before.get(thread_id) != mark]
    removed = [thread_id for thread_id in before if thread_id not in after]
    for start in range(0, len(changed), _BATCH):
        fresh.index(live.documents(changed[start : start + _BATCH]))
    if removed:
        fresh.remove(removed)
