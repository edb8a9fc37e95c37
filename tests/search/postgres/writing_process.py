"""A process that writes to an index until it is done or killed: address, schema, verb, first id, number.

`index` prints each thread's id once the thread is committed; `rebuild` prints each batch it has put in.
"""

import sys

from forum.search.engines.languages import analyses_for
from forum.search.engines.postgres_engine import PostgresEngine
from tests.search.threads import answer, thread

if __name__ == "__main__":
    url, schema, verb, first, number = *sys.argv[1:4], int(sys.argv[4]), int(sys.argv[5])
    engine = PostgresEngine(url, analyses_for("en"), schema=schema)
    threads = (
        thread(thread_id, f"Battery {thread_id}", answers=(answer(thread_id * 10, "Replace it"),))
        for thread_id in range(first, first + number)
    )
    if verb == "index":
        for document in threads:
            engine.index([document])
            print(document.thread_id, flush=True)
    else:
        with engine.rebuilding() as fresh:
            for document in threads:
                fresh.index([document])
                print(document.thread_id, flush=True)
