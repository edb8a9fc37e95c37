"""What only the engine in a cluster can get wrong: a server that is away, and several processes at once."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from forum.core import clock
from forum.search.engine import SearchUnavailable
from forum.search.engines.languages import analyses_for
from forum.search.engines.opensearch_engine import OpenSearchEngine
from forum.search.engines.opensearch_rebuild import LEASE, Lease
from forum.search.engines.opensearch_server import Server
from forum.search.syntax import parse
from forum.search.threads import ThreadDocument
from tests.search.opensearch.nodes import SEARCH_NODE
from tests.search.threads import answer, thread
from tests.services.opensearch import DisposableEngine


@pytest.fixture
def cluster() -> Iterator[DisposableEngine]:
    """An engine with an empty index."""
    engine = SEARCH_NODE.open()
    with engine.rebuilding():
        pass
    yield engine
    engine.close()


def names(engine: DisposableEngine) -> list[str]:
    return sorted(engine.server.read("GET", f"/{engine.name}-*/_settings/index.uuid"))


def test_a_server_that_is_away_is_told_in_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    engine = OpenSearchEngine(Server(f"http://me:secret@127.0.0.1:{port}"), "askwell", analyses_for("en"))
    for ask in (lambda: engine.search(parse("printer")), engine.needs_rebuild, engine.count):
        with pytest.raises(SearchUnavailable, match=rf"127\.0\.0\.1:{port} can't be reached") as caught:
            ask()
        assert "secret" not in str(caught.value)
    assert caplog.records == [], "the library's own log shows the password"
    engine.close()


def test_a_server_that_says_nothing_is_given_up_on_within_five_seconds() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        engine = OpenSearchEngine(Server(f"http://127.0.0.1:{port}"), "askwell", analyses_for("en"))
        begin = time.monotonic()
        with pytest.raises(SearchUnavailable, match="did not answer within"):
            engine.search(parse("printer"))
        assert time.monotonic() - begin < 5
        engine.close()


@pytest.mark.opensearch
def test_processes_that_write_one_thread_leave_no_old_answer(cluster: DisposableEngine) -> None:
    def version(answers: int) -> ThreadDocument:
        texts = tuple(answer(number, f"Oil number {number}") for number in range(1, answers + 1))
        return thread(1, "Scanner hums", answers=texts)

    def write(answers: int) -> None:
        for _ in range(20):
            try:
                cluster.index([version(answers)])
            except SearchUnavailable:
                continue
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, [5, 1, 4, 2, 3, 6, 1, 2]))
    (stored,) = cluster.documents([1])
    assert cluster.search(parse("is:answer oil")).total == len(stored.answers)
    cluster.remove([1])
    assert cluster.search(parse("is:answer oil")).total == 0


@pytest.mark.opensearch
def test_a_killed_rebuild_holds_the_lock_for_a_while_and_leaves_nothing(
    cluster: DisposableEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = Lease(cluster.server, cluster.name)
    lease.take()
    cluster.server.write("PUT", f"/{cluster.name}-000077")
    with pytest.raises(SearchUnavailable, match="being rebuilt already"), cluster.rebuilding():
        pass
    later = clock.now() + LEASE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with cluster.rebuilding() as fresh:
        fresh.index([thread(1, "Scanner hums")])
        with pytest.raises(SearchUnavailable, match="another one has begun"):
            lease.renew(at_once=True)
    assert cluster.count() == 1
    assert names(cluster) == [f"{cluster.name}-000002"]


@pytest.mark.opensearch
def test_an_index_of_another_language_is_built_anew(cluster: DisposableEngine) -> None:
    other = OpenSearchEngine(cluster.server, cluster.name, analyses_for("de"))
    assert cluster.needs_rebuild() is None
    assert "another version" in (other.needs_rebuild() or "")
    with pytest.raises(SearchUnavailable, match="another version"):
        other.index([thread(1)])


@pytest.mark.opensearch
def test_a_write_without_an_index_makes_none(cluster: DisposableEngine) -> None:
    cluster.index([thread(1)])
    cluster.server.write("DELETE", f"/{cluster.name}-000001")
    with pytest.raises(SearchUnavailable):
        cluster.index([thread(2)])
    assert names(cluster) == []
    assert "no search index yet" in (cluster.needs_rebuild() or "")


@pytest.mark.opensearch
def test_it_tells_its_size(cluster: DisposableEngine) -> None:
    cluster.index([thread(1, "Scanner hums")])
    state = cluster.state()
    assert (state.threads, state.version) == (1, "opensearch 2")
    assert state.bytes > 0
    assert state.segments >= 1
