"""The search index of a generated site, or of a part of its threads where all would take too long."""

from collections.abc import Iterator, Sequence

from forum.core.db import Database
from forum.core.settings import Settings
from forum.search.documents import documents, visible_thread_count, visible_thread_ids
from forum.search.engine import Teachable
from forum.search.indexer import Indexer
from forum.search.meaning import SAMPLE
from forum.search.threads import ThreadDocument
from forum.wiring import open_engine


def index(database: Database, settings: Settings, *, at_most: int | None) -> None:
    """Build the index if there is none, with at most so many threads, spread evenly over the site."""
    with database.reading() as session:
        threads = visible_thread_count(session)
    engine = open_engine(settings)
    try:
        if engine.unusable() is None:
            return
        if at_most is None or threads <= at_most:
            Indexer(database, engine).reindex()
            return
        step = -(-threads // at_most)
        with engine.rebuilding() as fresh:
            if isinstance(fresh, Teachable):
                sample = (document for batch in _documents(database, step) for document in batch)
                fresh.learn(_every(sample, -(-at_most // SAMPLE)), threads=at_most)
            for batch in _documents(database, step):
                fresh.index(batch)
    finally:
        engine.close()


def _documents(database: Database, step: int) -> Iterator[Sequence[ThreadDocument]]:
    """Yield each `step`th thread, batch by batch."""
    after = 0
    while True:
        with database.reading() as session:
            ids = visible_thread_ids(session, after=after)
            batch = list(documents(session, ids[::step]))
        if not ids:
            return
        yield batch
        after = ids[-1]


def _every(sample: Iterator[ThreadDocument], step: int) -> Iterator[ThreadDocument]:
    return (document for number, document in enumerate(sample) if number % step == 0)
