"""A process that writes to an index until it is done or killed: folder, first thread id, number of threads.

It prints each thread's id once the thread is committed.
"""

import sys
from pathlib import Path

from forum.search.engines.languages import analyses_for
from forum.search.engines.whoosh_engine import WhooshEngine
from tests.search.threads import answer, thread

if __name__ == "__main__":
    folder, first, number = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    engine = WhooshEngine(folder, analyses_for("en"))
    for thread_id in range(first, first + number):
        engine.index(
            [thread(thread_id, f"Battery {thread_id}", answers=(answer(thread_id * 10, "Replace it"),))]
        )
        print(thread_id, flush=True)
