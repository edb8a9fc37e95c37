"""Loading what a verb needs."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Let no garbage be looked for while much is made that stays; looking takes up to half of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
