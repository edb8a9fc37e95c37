"""Engines on an index of their own, which is gone after a measurement."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from forum import wiring
from forum.core.settings import Settings
from forum.search.engine import Discardable, SearchEngine

ENGINES = ("whoosh", "postgres", "opensearch")


@contextmanager
def scratch_engine(
    settings: Settings, name: str, folder: Path
) -> Iterator[tuple[SearchEngine, Callable[[], SearchEngine]]]:
    """Give an engine without an index, and what opens it once more in another process.

    Only the default engine keeps its index in the folder; the others make theirs where a site's would be,
    under another name. Raises Misconfigured for an engine that can't be opened.
    """
    mark = f"askwell_benchmark_{secrets.token_hex(6)}"
    scratch = settings.model_copy(
        update={"search_engine": name, "data_dir": folder, "opensearch_index": mark}
    )
    open_engine = partial(wiring.open_engine, scratch, postgres_schema=mark)
    engine = open_engine()
    try:
        yield engine, open_engine
    finally:
        if isinstance(engine, Discardable):
            engine.discard()
        engine.close()
