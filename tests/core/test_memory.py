"""Memory that nothing is kept in goes back to the system."""

import sys
from pathlib import Path

import pytest

from forum.core import memory

MEGABYTES = 40
"""Freed all over the heap, so that its end stays in use."""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts the pages of Linux")


def own_megabytes() -> float:
    lines = Path("/proc/self/smaps_rollup").read_text("ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


def test_freed_parts_of_the_heap_go_back_to_the_system() -> None:
    texts = [bytes(2_000) for _ in range(MEGABYTES * 1024 * 1024 // 2_000)]
    filled = own_megabytes()
    left = texts[::100]
    texts.clear()
    memory.give_back()
    assert own_megabytes() < filled - MEGABYTES / 2
    assert len(left) > 1
