"""Building an index anew beside the live one: what every engine does."""

import pytest

from forum.search.engine import Readable, SearchEngine, SearchUnavailable
from forum.search.syntax import parse
from tests.search.sites import SITE, threads_of
from tests.search.threads import thread


def test_a_new_engine_asks_for_a_rebuild(new_engine: SearchEngine) -> None:
    assert new_engine.needs_rebuild()
    with new_engine.rebuilding() as fresh:
        fresh.index(SITE)
    assert new_engine.needs_rebuild() is None
    assert new_engine.count() == 5


def test_a_rebuild_is_seen_only_when_it_is_done(site: SearchEngine) -> None:
    with site.rebuilding() as fresh:
        fresh.index([thread(1, "Wi-Fi"), thread(50, "Scanner hums")])
        assert fresh.search(parse("hums")).total == 1
        assert threads_of(site, "hums") == []
        assert threads_of(site, "printer") == [2]
    assert threads_of(site, "hums") == [50]
    assert threads_of(site, "printer") == []
    assert sorted(site.thread_ids()) == [1, 50]


def test_what_changes_during_a_rebuild_is_carried_over(site: SearchEngine) -> None:
    with site.rebuilding() as fresh:
        fresh.index(SITE)
        site.index([thread(2, "Scanner hums"), thread(60, "Scanner whistles")])
        site.remove([3])
    assert threads_of(site, "scanner") == [2, 60]
    assert sorted(site.thread_ids()) == [1, 2, 4, 5, 60]


def test_a_failed_rebuild_leaves_the_old_index(site: SearchEngine) -> None:
    def fail() -> None:
        with site.rebuilding() as fresh:
            fresh.index([thread(50, "Scanner hums")])
            raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        fail()
    assert sorted(site.thread_ids()) == [1, 2, 3, 4, 5]
    with site.rebuilding() as fresh:
        fresh.index([thread(51)])
    assert sorted(site.thread_ids()) == [51]


def test_it_refuses_two_rebuilds_at_once(site: SearchEngine) -> None:
    with site.rebuilding():
        with pytest.raises(SearchUnavailable, match="being rebuilt already"), site.rebuilding():
            pass
        assert site.count() == 5


def test_a_thread_may_come_twice_in_a_rebuild(engine: SearchEngine) -> None:
    with engine.rebuilding() as fresh:
        fresh.index([thread(1, "Scanner hums"), thread(2, "Scanner sings")])
        fresh.index([thread(1, "Scanner squeaks")])
        fresh.remove([2])
    assert threads_of(engine, "scanner") == [1]
    assert threads_of(engine, "squeaks") == [1]


def test_it_has_no_state_before_its_first_rebuild(new_engine: SearchEngine) -> None:
    assert new_engine.unusable() == new_engine.needs_rebuild()
    with pytest.raises(SearchUnavailable):
        new_engine.state()


def test_it_tells_its_state_in_figures(site: SearchEngine) -> None:
    state = site.state()
    assert site.unusable() is None
    assert state.threads == 5
    assert state.segments >= 1
    assert state.bytes >= 0
    assert state.version


def test_it_gives_back_the_documents_that_it_was_given(site: SearchEngine) -> None:
    assert isinstance(site, Readable), "`askwell check` compares documents letter by letter"
    assert sorted(site.documents([1, 2, 99]), key=lambda document: document.thread_id) == list(SITE[:2])
