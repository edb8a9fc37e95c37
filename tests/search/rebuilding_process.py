"""A process that rebuilds an index until it is done or killed: address of the database, folder of the index.

It works in small portions and prints a line after each.
"""

import sys
import time
from pathlib import Path

import forum.wiring
from forum.core.db import open_database
from forum.search import indexer
from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from tests.search.portions import in_portions

assert forum.wiring.metadata.tables

if __name__ == "__main__":
    with in_portions(10, keep_every=30):
        engine = WhooshEngine(Path(sys.argv[2]), analyses_for("en"))

        def tell(done: int, _total: int) -> None:
            print(done, flush=True)
            time.sleep(0.01)

        indexer.Indexer(open_database(sys.argv[1]), engine).reindex(tell)
