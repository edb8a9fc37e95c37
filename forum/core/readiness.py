"""Whether a running process can use its database: it answers, and has the schema of this version."""

import time
from enum import Enum

import structlog
from sqlalchemy.exc import SQLAlchemyError

from forum.core import schema
from forum.core.db import Database

PAUSE = 1.0
"""Seconds between two looks at a database that can't be used yet."""

log = structlog.get_logger(__name__)


class State(Enum):
    """What a look at the database has found."""

    READY = "ready"
    UNFIT = "unfit"
    """It has the schema of another version."""
    SILENT = "silent"
    """It does not answer."""


class Readiness:
    """What is known of the database. Once it was ready, nobody looks again until there is a doubt."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._state = State.SILENT
        self._seen_at = 0.0
        self.look()

    def state(self) -> State:
        """Return the state as far as it is known; costs nothing once the database was ready."""
        if self._state is not State.READY and time.monotonic() - self._seen_at >= PAUSE:
            return self.look()
        return self._state

    def look(self) -> State:
        """Look at the database now; two short statements."""
        self._seen_at = time.monotonic()
        self._state = self._found()
        return self._state

    def _found(self) -> State:
        try:
            if schema.is_current(self._database):
                return State.READY
        except SQLAlchemyError as error:
            log.error("the database does not answer", error=str(error))
            return State.SILENT
        log.error("the database has the schema of another version; run: askwell db upgrade")
        return State.UNFIT
