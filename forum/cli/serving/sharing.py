"""What the processes of `askwell serve` share: loaded and made once, before they are forked from this one.

The kernel copies a page of memory only when a process writes to it. Python writes to an object whenever it
is used, as it counts references, so what is used often becomes each process's own; the rest, more than half
of what the program's modules take, is there once.
"""

import gc
import importlib
import logging
import multiprocessing
import re
import sys
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from forum.cli.loading import without_collecting
from forum.core.memory import keep_one_arena
from forum.core.settings import Settings

# Loaded by its name, as the application is the layer above the entry points.
_APPLICATION = "forum.app"
_OWN_NAME = Path("/proc/self/comm")

_TAG = re.compile(r'href="(/tags/[^"?#]+)"')
_QUESTION = re.compile(r'href="(/questions/\d+/[^"?#]+)"')

_made: list[Any] = []


def process(target: Callable[..., None], *arguments: object, name: str) -> BaseProcess:
    """Return a process that is ready to be started: forked on Linux, loading everything anew elsewhere."""
    if sys.platform == "linux":
        return multiprocessing.get_context("fork").Process(target=target, args=arguments, name=name)
    return multiprocessing.get_context("spawn").Process(target=target, args=arguments, name=name)


def make_application(settings: Settings) -> None:
    """Make the application that the processes which are forked from this one will take."""
    keep_one_arena()
    with without_collecting():
        app = importlib.import_module(_APPLICATION).create_app(settings)
        _warm_up(app, settings.address)
        # A connection that two processes use would mix up their answers, or lose the locks of SQLite.
        app.extensions["askwell"].database.dispose()
        _made.append(app)
        # What is there now stays. To look through it for garbage would write to all of it, in each process.
        gc.freeze()


def let_go() -> None:
    """Close what only the processes use that were forked by now; those that come later open it themselves."""
    for app in _made:
        # Files of an index that was merged or rebuilt since would take their place on disk as long as this.
        app.extensions["askwell"].engine.close()


def application(settings: Settings) -> Any:
    """Return the application, made now where this process was not forked."""
    return _made[-1] if _made else importlib.import_module(_APPLICATION).create_app(settings)


def call_process(name: str) -> None:
    """Name this process in the lists of the system, where all processes of a site have the same command."""
    if sys.platform == "linux":
        # At most fifteen letters.
        _OWN_NAME.write_text(name, encoding="ascii")


def _warm_up(app: Any, address: str) -> None:
    """Make the usual pages once, so that what is loaded and compiled for them is shared."""
    client = app.test_client()
    # These are no requests of anybody.
    logging.disable(logging.WARNING)
    try:
        first = client.get("/questions", base_url=address).text
        for path in (*_links(_QUESTION, first), *_links(_TAG, first), "/tags", "/sign-in"):
            # By HEAD, as nobody looks at it and no view is to be counted.
            client.head(path, base_url=address)
    finally:
        logging.disable(logging.NOTSET)


def _links(kind: re.Pattern[str], page: str) -> list[str]:
    found = kind.search(page)
    return [found[1]] if found else []
