"""Index and database agree, whatever happens between them."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core import clock, outbox
from forum.core.db import Database
from forum.core.outbox import CLAIM_EXPIRES, Job
from forum.posts.actions.closing import close_as_duplicate, reopen
from forum.posts.actions.deleting import delete_post, undelete_post
from forum.posts.actions.editing import edit_post
from forum.posts.events import ThreadChanged
from forum.posts.models import Post
from forum.search.engine import SearchEngine, SearchQuery, SearchUnavailable, Word
from forum.search.engines.languages import analyses_for
from forum.search.engines.memory_engine import MemoryEngine
from forum.search.indexer import ATTEMPTS, Indexer
from forum.search.threads import ThreadDocument
from forum.wiring import SEARCH
from tests.factories import make_question, make_user

NUMBERS = [f"number{number}" for number in range(30)]


@pytest.fixture
def indexer(database: Database, engine: SearchEngine) -> Indexer:
    """An indexer over an index that holds nothing yet."""
    return Indexer(database, engine)


def test_what_changed_is_found_and_its_job_is_gone(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    thread_id = _ask(database, "flickering")

    assert indexer.drain() == 1

    assert _found(engine, "flickering") == [thread_id]
    assert _waiting(database) == 0


def test_there_is_nothing_to_do_without_jobs(indexer: Indexer) -> None:
    assert indexer.drain() == 0


def test_deleted_threads_leave_the_index(database: Database, engine: SearchEngine, indexer: Indexer) -> None:
    thread_id = _ask(database, "flickering")
    indexer.drain()

    _delete(database, thread_id)
    indexer.drain()

    assert _found(engine, "flickering") == []


def test_jobs_of_one_thread_are_done_at_once(database: Database, indexer: Indexer) -> None:
    thread_id = _ask(database, "flickering")
    with database.transaction() as session:
        outbox.emit(session, *[ThreadChanged(thread_id)] * 4)

    assert indexer.drain() == 5
    assert _waiting(database) == 0


def test_a_batch_has_its_limit(database: Database, indexer: Indexer) -> None:
    for word in NUMBERS[:5]:
        _ask(database, word)

    assert [indexer.drain(limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_dying_between_the_two_commits_repeats_the_work_harmlessly(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    thread_id = _ask(database, "flickering")
    with database.transaction() as session:
        claimed = outbox.claim(session, SEARCH, limit=10)
    indexer.index_threads(claimed.subject_ids)
    # Here the process is killed; nobody takes its jobs before the claim has expired.
    assert indexer.drain() == 0

    with clock.frozen(clock.now() + CLAIM_EXPIRES + timedelta(seconds=1)):
        assert indexer.drain() == 1

    assert _found(engine, "flickering") == [thread_id]
    assert engine.count() == 1
    assert _waiting(database) == 0


def test_jobs_wait_while_there_is_no_index(database: Database, new_engine: SearchEngine) -> None:
    thread_id = _ask(database, "flickering")
    indexer = Indexer(database, new_engine)

    with pytest.raises(SearchUnavailable):
        indexer.drain()
    with new_engine.rebuilding():
        pass

    assert indexer.drain() == 1, "an attempt without an index must not make the job wait"
    assert _found(new_engine, "flickering") == [thread_id]


def test_jobs_return_to_the_queue_when_the_index_can_not_be_written(database: Database) -> None:
    thread_id = _ask(database, "flickering")
    engine = _Faulty(SearchUnavailable("The disk is full."))
    indexer = Indexer(database, engine)

    with pytest.raises(SearchUnavailable, match="disk is full"):
        indexer.drain()

    assert _waiting(database) == 1
    engine.fault = None
    with clock.frozen(clock.now() + timedelta(seconds=3)):
        assert indexer.drain() == 1
    assert _found(engine, "flickering") == [thread_id]


def test_a_thread_that_can_not_be_indexed_keeps_no_other_from_it(database: Database) -> None:
    bad, good = _ask(database, "poison"), _ask(database, "flickering")
    engine = _Faulty(ValueError("poison"), only=bad)

    assert Indexer(database, engine).drain() == 1

    assert _found(engine, "flickering") == [good]
    with database.reading() as session:
        job = session.execute(select(Job)).scalar_one()
    assert (job.subject_id, job.attempts, job.claimed_until) == (bad, 1, None)
    assert "poison" in (job.last_error or "")


def test_a_slow_worker_does_not_overwrite_what_a_faster_one_wrote(database: Database) -> None:
    thread_id = _ask(database, "flickering")
    engine = _Interrupted()
    fast, slow = Indexer(database, engine), Indexer(database, engine)

    def meanwhile() -> None:
        _rename(database, thread_id, "rebooting")
        assert fast.drain() == 1

    engine.before_writing = meanwhile
    slow.drain()

    assert _found(engine, "rebooting") == [thread_id]
    assert _found(engine, "flickering") == []


def test_a_thread_that_never_rests_goes_back_to_the_queue(database: Database) -> None:
    thread_id = _ask(database, "flickering")
    engine = _Interrupted()
    numbers = count(1)

    def restlessly() -> None:
        engine.before_writing = restlessly
        with database.transaction() as session:
            session.execute(update(Post).where(Post.id == thread_id).values(score=next(numbers)))

    engine.before_writing = restlessly
    with pytest.raises(SearchUnavailable, match="faster than"):
        Indexer(database, engine).drain()

    assert next(numbers) == ATTEMPTS + 1
    assert _waiting(database) == 1


def test_reindexing_brings_everything_in_and_reports_progress(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    ids = [_ask(database, word) for word in NUMBERS[:3]]
    told: list[tuple[int, int]] = []

    assert indexer.reindex(lambda done, total: told.append((done, total))) == 3

    assert sorted(engine.thread_ids()) == ids
    assert told == [(3, 3)]


def test_reindexing_does_the_jobs_that_were_waiting(database: Database, indexer: Indexer) -> None:
    _ask(database, "flickering")

    indexer.reindex()

    assert _waiting(database) == 0


def test_reindexing_forgets_what_should_not_be_there(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    thread_id = _ask(database, "flickering")
    indexer.drain()
    with database.transaction() as session:
        session.execute(update(Post).where(Post.id == thread_id).values(deleted_at=clock.now()))

    indexer.reindex()

    assert engine.count() == 0


def test_nothing_is_lost_that_happens_during_a_rebuild(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    changed, deleted, there_and_back = (_ask(database, word) for word in NUMBERS[:3])
    indexer.drain()

    def meanwhile(done: int, total: int) -> None:
        """Change what was read already, with a worker at work."""
        if done > 3:
            return
        _rename(database, changed, "renamed")
        _delete(database, deleted)
        _ask(database, "latecomer")
        indexer.drain()

    indexer.reindex(meanwhile)

    assert _found(engine, "renamed") == [changed]
    assert _found(engine, NUMBERS[0]) == []
    assert deleted not in set(engine.thread_ids())
    assert len(_found(engine, "latecomer")) == 1
    assert _found(engine, NUMBERS[2]) == [there_and_back]
    assert list(indexer.stale_threads()) == []


def test_a_thread_that_changed_there_and_back_during_a_rebuild_is_right(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    thread_id = _ask(database, "original")
    indexer.drain()
    _rename(database, thread_id, "passing")

    def meanwhile(done: int, total: int) -> None:
        """The old index never hears of the change, as it was taken back before a worker came."""
        _rename(database, thread_id, "original")
        indexer.drain()

    indexer.reindex(meanwhile)

    assert _found(engine, "original") == [thread_id]
    assert _found(engine, "passing") == []


def test_a_failed_rebuild_leaves_index_and_jobs_as_they_were(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    first = _ask(database, "flickering")
    indexer.drain()
    _ask(database, "latecomer")

    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        indexer.reindex(fail)

    assert _found(engine, "flickering") == [first]
    assert _waiting(database) == 1
    assert indexer.drain() == 1


def test_stale_threads_are_those_that_differ(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    same, changed, new, gone = (_ask(database, word) for word in NUMBERS[:4])
    indexer.index_threads([same, changed, gone])
    _rename(database, changed, "renamed")
    _delete(database, gone)

    assert sorted(indexer.stale_threads()) == [changed, new, gone]

    indexer.index_threads(list(indexer.stale_threads()))
    assert list(indexer.stale_threads()) == []
    assert sorted(engine.thread_ids()) == [same, changed, new]


class _Faulty(MemoryEngine):
    """An index whose writing fails, for all threads or for one."""

    def __init__(self, fault: Exception | None, *, only: int | None = None) -> None:
        super().__init__(analyses_for("en"))
        self.fault: Exception | None = None
        with self.rebuilding():
            pass
        self.fault, self._only = fault, only

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        batch = list(documents)
        concerned = self._only is None or any(document.thread_id == self._only for document in batch)
        if self.fault is not None and concerned:
            raise self.fault
        super().index(batch)


class _Interrupted(MemoryEngine):
    """An index before whose next writing something happens."""

    def __init__(self) -> None:
        super().__init__(analyses_for("en"))
        self.before_writing: Callable[[], None] | None = None
        with self.rebuilding():
            pass

    def index(self, documents: Iterable[ThreadDocument]) -> None:
        batch = list(documents)
        happen, self.before_writing = self.before_writing, None
        if happen is not None:
            happen()
        super().index(batch)


def test_a_thread_is_found_by_what_its_duplicate_is_called(
    database: Database, engine: SearchEngine, indexer: Indexer
) -> None:
    with database.transaction() as session:
        moderator = make_user(session, "Mod", role="moderator")
        actor = Actor(id=moderator.id, name="Mod", role="moderator", reputation=1)
        original = make_question(session, title="Dock loses its network").id
        repeated = make_question(session, title="Ethernet flickering").id
    indexer.index_threads([original, repeated])

    def found_after(act: Callable[[Session], object], word: str = "flickering") -> list[int]:
        with database.transaction() as session:
            act(session)
        while indexer.drain():
            pass
        assert list(indexer.stale_threads()) == []
        return sorted(_found(engine, word))

    def close(session: Session) -> None:
        close_as_duplicate(session, actor, repeated, of=original)

    def rename(session: Session) -> None:
        edit_post(
            session,
            actor,
            repeated,
            source="It happens after each sleep.",
            title="Ethernet stutters",
            tags=["dock"],
            based_on=1,
        )

    assert found_after(close) == [original, repeated]
    assert found_after(lambda session: delete_post(session, actor, repeated)) == []
    assert found_after(lambda session: undelete_post(session, actor, repeated)) == [original, repeated]
    assert found_after(rename, "stutters") == [original, repeated]
    assert found_after(lambda session: reopen(session, actor, repeated), "stutters") == [repeated]


def _ask(database: Database, word: str) -> int:
    with database.transaction() as session:
        question = make_question(session, title=f"Why is it {word}?", text="Nobody knows.")
        return _changed(session, question.id)


def _rename(database: Database, thread_id: int, word: str) -> None:
    with database.transaction() as session:
        session.execute(update(Post).where(Post.id == thread_id).values(title=f"Why is it {word}?"))
        _changed(session, thread_id)


def _delete(database: Database, thread_id: int) -> None:
    with database.transaction() as session:
        session.execute(update(Post).where(Post.id == thread_id).values(deleted_at=clock.now()))
        _changed(session, thread_id)


def _changed(session: Session, thread_id: int) -> int:
    outbox.emit(session, ThreadChanged(thread_id))
    return thread_id


def _found(engine: SearchEngine, word: str) -> list[int]:
    return [hit.thread_id for hit in engine.search(SearchQuery((Word(word),))).hits]


def _waiting(database: Database) -> int:
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(Job)).scalar_one()
