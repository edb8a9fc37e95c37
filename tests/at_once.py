"""Actions of several people in the same instant."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from forum.core.db import Database
from forum.core.errors import AskwellError


def at_once(database: Database, *actions: Callable[[Session], object]) -> list[object]:
    """Run each action in a thread and transaction of its own, all released by one barrier."""
    barrier = threading.Barrier(len(actions))

    def run(action: Callable[[Session], object]) -> object:
        barrier.wait()
        try:
            with database.transaction() as session:
                return action(session)
        except AskwellError as error:
            return error

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
