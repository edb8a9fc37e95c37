"""Writing to a Whoosh index: one commit at a time, few segments, nothing left behind by a killed writer."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex, LockError

from forum.search.engine import SearchUnavailable
from forum.search.engines.whoosh_gathering import ArraySegmentWriter, merge

SMALL = 1_000
"""Records up to which a segment is merged within a commit: rewriting so many takes a quarter of a second."""

MOST_SMALL_SEGMENTS = 8
"""More segments that may be merged are merged after a commit; every search goes through each of them."""

MERGED = 20_000
"""Records that one merge of a live index writes at most, which takes some seconds: writers wait for it."""

MERGED_IN_REBUILD = 50_000
"""The same for an index that nobody writes to meanwhile; its postings take some hundred megabytes."""

MOST_DEAD = 0.5
"""A segment of which a larger part was replaced or removed is rewritten after a commit."""

_LEFTOVER = re.compile(r"_MAIN_[0-9]+\.toc\..+|.+\.run")


def remove_threads(writer: ArraySegmentWriter, thread_ids: Iterable[int]) -> None:
    """Take out whatever records these threads have."""
    for thread_id in thread_ids:
        writer.delete_by_term("thread", str(thread_id))


def open_writer(index: FileIndex, folder: Path) -> ArraySegmentWriter:
    """Return a writer; the caller sees to it that there is only one, and ends it by `commit` or `cancel`."""
    _sweep(folder)
    try:
        return ArraySegmentWriter(index)
    except LockError:
        raise SearchUnavailable("Another program writes to the search index; try again later.") from None


def commit(index: FileIndex, writer: ArraySegmentWriter, *, merged: int = MERGED) -> None:
    """Make what was written visible at once; then merge up to `merged` records if there are many segments."""
    writer.commit(mergetype=_merge_small)
    _tidy(index, merged, most_small=MOST_SMALL_SEGMENTS)


@contextmanager
def committing(index: FileIndex, folder: Path) -> Iterator[ArraySegmentWriter]:
    """Yield a writer whose changes are all there after the block, or none of them after an exception."""
    writer = open_writer(index, folder)
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    commit(index, writer)


def _sweep(folder: Path) -> None:
    """Remove what a killed writer left; Whoosh itself removes segments that no commit names."""
    for path in (*folder.iterdir(), *folder.glob("MAIN.tmp/*")):
        if _LEFTOVER.fullmatch(path.name):
            path.unlink(missing_ok=True)


def _merge_small(writer: ArraySegmentWriter, segments: list[Any]) -> list[Any]:
    """Merge, smallest first, segments that are no larger than what is already being written.

    Segments then grow by doubling: there are few, and each record is rewritten a few times in all.
    """
    kept = sorted(segments, key=_living)
    size = writer.doc_count()
    while kept and _living(kept[0]) <= min(max(size, 1), SMALL):
        size += _living(kept[0])
        merge(writer, kept.pop(0))
    return kept


def finish(index: FileIndex) -> None:
    """Merge the small segments that are left when nothing more is put in: each would slow down searches."""
    _tidy(index, MERGED_IN_REBUILD, most_small=1)


def _tidy(index: FileIndex, merged: int, *, most_small: int) -> None:
    """Merge when there are too many small segments, or one is mostly dead.

    The commit before is visible already. Segments of more than half of `merged` records are left as they are:
    otherwise some commit would have to rewrite half of the index.
    """
    segments = sorted(index._segments(), key=_living)
    doomed = []
    room = merged
    small = [segment for segment in segments if _living(segment) <= merged // 2]
    for segment in segments:
        is_due = segment.deleted_count() > MOST_DEAD * segment.doc_count_all()
        if (is_due or (segment in small and len(small) > most_small)) and _living(segment) <= room:
            doomed.append(segment)
            room -= _living(segment)
    if not doomed:
        return
    names = {segment.segment_id() for segment in doomed}

    def rewrite(writer: ArraySegmentWriter, all_segments: list[Any]) -> list[Any]:
        for segment in all_segments:
            if segment.segment_id() in names:
                merge(writer, segment)
        return [segment for segment in all_segments if segment.segment_id() not in names]

    ArraySegmentWriter(index).commit(mergetype=rewrite)


def _living(segment: Any) -> int:
    living: int = segment.doc_count()
    return living
