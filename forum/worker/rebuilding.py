"""Rebuilding the search index: from a command, and by the worker when it is needed or asked for."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from forum.core import outbox
from forum.core.db import Database
from forum.core.i18n import marked
from forum.search.engine import SearchEngine
from forum.search.indexer import QUEUE, Indexer
from forum.worker.rebuild_log import RebuildLog, Recorder, Stage

Tell: TypeAlias = Callable[[Stage, int, int], None]
"""Is told the stage and how many threads are done in it, of how many; what it raises ends the rebuild."""

REQUESTED = marked("An administrator asked for it.")


class Rebuilding:
    """The rebuilds of one site's index, with notes on how far they are in the data directory."""

    def __init__(
        self, database: Database, engine: SearchEngine, *, data_dir: Path, processes: int = 1
    ) -> None:
        """Let so many processes share the work."""
        self._database = database
        self._engine = engine
        self._indexer = Indexer(database, engine, processes=processes)
        self.log = RebuildLog(data_dir)

    def due(self) -> str | None:
        """Return why the index must be rebuilt now, or None, as when another process is at it."""
        reason = self._engine.needs_rebuild() or (REQUESTED if self.log.is_requested() else None)
        return reason if reason and not self.log.is_running() else None

    def rebuild(self, reason: str, tell: Tell, *, is_alone: bool = False) -> int:
        """Build the index anew, or go on with what was interrupted, and return the number of its threads.

        What `tell` raises ends it between two batches, and the next rebuild goes on there. Raises
        SearchUnavailable when another rebuild runs, or when the index can't be written. `is_alone` as for
        `Indexer.reindex`.
        """
        with self.log.recording(reason) as recorder:
            told = partial(_note_and_tell, recorder, tell)
            threads = self._indexer.reindex(
                partial(told, Stage.FILLING),
                comparing=partial(told, Stage.COMPARING),
                is_alone=is_alone,
            )
        with self._database.transaction() as session:
            outbox.retry_at_once(session, QUEUE)
        return threads

    def compare_if_left(self, tell: Tell) -> None:
        """Do what a rebuild that ended soon after the switch has left to do. Raises as `rebuild` does."""
        latest = self.log.latest()
        if latest is None or not latest.is_interrupted or latest.stage is not Stage.COMPARING:
            return
        with self.log.recording(latest.reason, stage=Stage.COMPARING) as recorder:
            self._indexer.compare(partial(_note_and_tell, recorder, tell, Stage.COMPARING))


def _note_and_tell(recorder: Recorder, tell: Tell, stage: Stage, done: int, total: int) -> None:
    recorder.note(stage, done, total)
    tell(stage, done, total)
