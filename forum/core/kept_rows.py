"""Rows that many pages show and few writes change, kept in each process until something is written.

A snapshot of the database has a version of what pages show (see `forum.core.page_version`): rows that were
read in one snapshot are those of every other snapshot of the same version. What is read for one person alone
is not for here.
"""

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy.orm import Session

from forum.core import page_version
from forum.core.read_sessions import ReadSession

Rows = TypeVar("Rows")

LONGEST = 60.0
"""Seconds for which rows are kept at most: how often a question was looked at moves no version."""


def kept_rows(session: Session, key: Hashable, read: Callable[[], Rows], *, size: int) -> Rows:
    """Return what `read` reads in the snapshot of a session, or what it has read in one of the same version.

    `key` tells apart what is read, and `size` is about how many bytes that takes. The first call in a session
    takes a statement for the version; a session that writes reads anew each time.
    """
    if not isinstance(session, ReadSession):
        return read()
    version, now = page_version.current(session), time.monotonic()
    found = session.kept.get(key)
    if found is not None and found[0] == version and now < found[1]:
        rows: Rows = found[2]
        return rows
    rows = read()
    session.kept.keep(key, (version, now + LONGEST, rows), size=size)
    return rows
