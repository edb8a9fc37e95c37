"""Ending with the process that started this one, even when it was killed and could tell nobody."""

import os
import threading
import time
from collections.abc import Callable

_LOOK_SECONDS = 0.5


def when_parent_ends(parent: int, end: Callable[[], object]) -> None:
    """Call `end` from a thread once this process is no longer a child of `parent`."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        end()

    threading.Thread(target=watch, name="parent", daemon=True).start()
