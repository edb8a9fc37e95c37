"""Memory of the process, as the library of C keeps it for what is larger than half a kilobyte."""

import ctypes
import sys
from contextlib import suppress

_M_ARENA_MAX = -8
"""The number of this option in malloc.h."""


def keep_one_arena() -> None:
    """Let all threads of a process take memory from one heap, where what one gives back serves the others.

    By default glibc gives each thread a heap of its own, where a burst of work leaves its size.
    """
    if sys.platform == "linux":
        # Other libraries of C, such as musl, have no such option and need none.
        with suppress(AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Give the system the pages of the heap that hold nothing; it takes some 5 ms for 100 MB.

    By itself glibc gives back only what is free at the end of the heap, which seldom is after a burst.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
