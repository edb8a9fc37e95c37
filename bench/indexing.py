"""The search index of a generated site, or of some of its threads, and the related questions found by it."""

from collections.abc import Iterator, Sequence

from forum.core.db import Database
from forum.core.settings import Settings
from forum.search.documents import documents, visible_thread_count, visible_thread_ids
from forum.search.engine import SearchEngine, Teachable
from forum.search.indexer import Indexer
from forum.search.meaning import SAMPLE
from forum.search.threads import ThreadDocument
from forum.wiring import open_engine
from forum.worker.relating import Relating


def index(database: Database, settings: Settings, *, at_most: int | None) -> None:
    """Build the index if there is none, with at most so many threads, spread evenly over the site.

    Look for the related questions of all of them besides, which the worker would do beside the measuring.
    """
    with database.reading() as session:
        threads = visible_thread_count(session)
    engine = open_engine(settings)
    try:
        if engine.unusable() is not None:
            if at_most is None or threads <= at_most:
                Indexer(database, engine).reindex()
            else:
                _index_some(database, engine, at_most, of=threads)
        relating = Relating(database, engine)
        while relating.turn():
            pass
    finally:
        engine.close()


def _index_some(database: Database, engine: SearchEngine, at_most: int, *, of: int) -> None:
    step = -(-of // at_most)
    with engine.rebuilding() as fresh:
        if isinstance(fresh, Teachable):
            sample = (document for batch in _documents(database, step) for document in batch)
            fresh.learn(_every(sample, -(-at_most // SAMPLE)), threads=at_most)
        for batch in _documents(database, step):
            fresh.index(batch)


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
