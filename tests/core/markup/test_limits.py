"""Rendering in processes that can be killed: whatever the text, an answer comes in time."""

import gzip
import json
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from forum.core import markup
from forum.core.errors import Misconfigured
from forum.core.markup import Flavour, Rendered, Source, render_many
from forum.core.markup import process as process_module
from forum.core.markup.pipeline import OutputTooLarge, convert
from forum.core.markup.pool import MAX_SOURCE, ChildPool, in_batches
from forum.core.markup.process import Limits

QUICK = Limits(cpu_seconds=0.3, clock_seconds=1.2)
# For a new process to start, on a machine that has other work to do.
GRACE = 4.0

SLOW = "[" * 30_000


@pytest.fixture(scope="module")
def pool() -> Iterator[ChildPool]:
    """Two processes that are ready."""
    pool = ChildPool(2, limits=QUICK)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(pool.render, [Source("warm up")] * 2))
    yield pool
    pool.close()


@pytest.fixture
def one_child() -> Iterator[ChildPool]:
    pool = ChildPool(1, limits=QUICK)
    assert pool.render(Source("warm up")).ok
    yield pool
    pool.close()


def test_a_text_that_takes_too_long_is_kept_unformatted(pool: ChildPool) -> None:
    started = time.monotonic()
    rendered = pool.render(Source(SLOW))

    assert time.monotonic() - started < QUICK.clock_seconds + GRACE
    assert rendered == Rendered(f'<pre class="plain">{SLOW}</pre>', SLOW, "", ok=False)


@pytest.mark.parametrize(
    "text",
    [
        "- " * 15_000,
        "1. " * 10_000,
        ">" * 30_000,
        "*a " * 10_000,
        "![" * 15_000,
        "[a](" * 8_000,
        "<a" * 15_000,
        "<div>" * 6_000,
        "&" * 30_000,
        "`\\" * 15_000,
        "".join("`" * n + " " for n in range(240)),
        "|a" * 10_000 + "\n" + "|-" * 10_000,
        "https://" * 4_000,
        "@a" * 15_000,
        "[^1]" * 7_000 + "\n\n[^1]: a",
        "```\n" * 7_500,
        "> ```\n" * 5_000,
        "- ```\n" * 5_000,
        "```make\n" + "$(" * 1_000 + "\n```",
        "_" * 30_000,
        "\x00\x02\ud800" * 10_000,
        " " * 30_000 + "x",
        "\n" * 30_000,
        "a" * 30_000,
    ],
    ids=lambda text: re.sub(r"\W", "_", ascii(text[:12])),
)
def test_every_text_is_answered_in_time(pool: ChildPool, text: str) -> None:
    started = time.monotonic()
    rendered = pool.render(Source(text))

    assert time.monotonic() - started < QUICK.clock_seconds + GRACE
    assert len(rendered.html) <= max(65_536, 20 * len(text)) + 100


@pytest.mark.slow
def test_every_text_that_slows_renderers_down_is_answered_in_time(shared_dir: Path, pool: ChildPool) -> None:
    with gzip.open(
        shared_dir / "data" / "attacks" / "pathological.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        # Every third one, because each that is stopped costs the start of a process.
        cases = [json.loads(line) for line in lines][::3]

    def seconds(case: dict[str, str]) -> float:
        started = time.monotonic()
        pool.render(Source(case["text"]))
        return time.monotonic() - started

    with ThreadPoolExecutor(2) as threads:
        took = dict(zip((case["name"] for case in cases), threads.map(seconds, cases), strict=True))

    assert len(took) > 40
    assert {name: taken for name, taken in took.items() if taken > QUICK.clock_seconds + GRACE} == {}


def test_other_texts_are_rendered_while_one_takes_long(pool: ChildPool) -> None:
    slow = threading.Thread(target=pool.render, args=[Source(SLOW)])
    slow.start()
    answers = [pool.render(Source(f"text {number}")) for number in range(5)]
    overtook = slow.is_alive()
    slow.join()

    assert overtook
    assert [answer.html for answer in answers] == [f"<p>text {number}</p>" for number in range(5)]


def test_texts_rendered_together_are_those_rendered_alone(pool: ChildPool) -> None:
    sources = [Source("*a*", anchor="p1"), Source("@ada", Flavour.COMMENT, {"ada": "/users/1"}), Source("")]

    assert pool.render_all(sources) == [pool.render(source) for source in sources]


def test_one_text_that_takes_too_long_leaves_those_beside_it_their_format(pool: ChildPool) -> None:
    too_long = "a" * (MAX_SOURCE + 1)
    for hostile in (SLOW, too_long):
        first, second, third = pool.render_all([Source("*a*"), Source(hostile), Source("*b*")])

        assert (first.html, third.html) == ("<p><em>a</em></p>", "<p><em>b</em></p>")
        assert not second.ok


def test_batches_are_neither_long_nor_many_texts() -> None:
    sources = [Source("a" * length) for length in (10, 65_000, 1_000, 70_000, 5, *[1] * 40)]

    batches = list(in_batches(sources))

    assert [source for batch in batches for source in batch] == sources
    assert [len(batch) for batch in batches] == [2, 1, 1, 16, 16, 9]


def test_threads_get_the_answer_to_their_own_text(pool: ChildPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda number: pool.render(Source(f"text {number}")), range(200)))

    assert [answer.text for answer in answers] == [f"text {number}" for number in range(200)]


def test_a_process_killed_from_outside_is_replaced(one_child: ChildPool) -> None:
    (first,) = one_child.pids()
    os.kill(first, signal.SIGKILL)

    assert one_child.render(Source("*a*")).html == "<p><em>a</em></p>"
    assert one_child.pids() != [first]


def test_a_process_killed_at_work_does_not_cost_the_text_its_format(one_child: ChildPool) -> None:
    (first,) = one_child.pids()
    os.kill(first, signal.SIGSTOP)
    killer = threading.Timer(0.3, os.kill, [first, signal.SIGKILL])
    killer.start()
    rendered = one_child.render(Source("*a*"))
    killer.join()

    assert rendered.html == "<p><em>a</em></p>"


def test_a_process_that_does_not_answer_is_killed_by_the_clock(one_child: ChildPool) -> None:
    (first,) = one_child.pids()
    os.kill(first, signal.SIGSTOP)
    started = time.monotonic()
    rendered = one_child.render(Source("*a*"))

    assert not rendered.ok
    assert QUICK.clock_seconds <= time.monotonic() - started < QUICK.clock_seconds + GRACE
    assert one_child.render(Source("*a*")).ok


def test_a_process_ends_with_its_parent() -> None:
    pool = ChildPool(1, limits=QUICK)
    pool.render(Source("a"))
    (pid,) = pool.pids()
    pool.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert pool.render(Source("starts again")).ok
    pool.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_server_has_processes_of_its_own(one_child: ChildPool) -> None:
    (parents,) = one_child.pids()
    fork = os.fork()
    if fork == 0:
        # Nothing may be raised here, or pytest would go on twice.
        own = one_child.render(Source("*a*")).html == "<p><em>a</em></p>" and one_child.pids() != [parents]
        one_child.close()
        os._exit(0 if own else 1)
    _, status = os.waitpid(fork, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert one_child.render(Source("*b*")).html == "<p><em>b</em></p>"
    assert one_child.pids() == [parents]


def test_a_text_above_the_limit_is_kept_unformatted_at_once(pool: ChildPool) -> None:
    text = "**a** " * (MAX_SOURCE // 6 + 1)
    started = time.monotonic()
    rendered = pool.render(Source(text))

    assert time.monotonic() - started < 1
    assert not rendered.ok
    assert rendered.html == f'<pre class="plain">{text}</pre>'


def test_an_unformatted_text_can_not_leave_its_block(pool: ChildPool) -> None:
    text = "</pre><script>alert(1)</script>\x00\ud800\u202e&lt;" + SLOW
    rendered = pool.render(Source(text))

    assert not rendered.ok
    assert rendered.html.removesuffix(f"{SLOW}</pre>") == (
        '<pre class="plain">&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;\ufffd[U+202E]&amp;lt;'
    )


def test_output_out_of_proportion_is_refused() -> None:
    table = "|a" * 50 + "\n" + "|-" * 50 + "\n" + "|\n" * 3_000

    with pytest.raises(OutputTooLarge):
        convert(Source(table))


def test_memory_is_limited(one_child: ChildPool) -> None:
    limits = Path(f"/proc/{one_child.pids()[0]}/limits")
    if not limits.exists():
        pytest.skip("needs /proc")

    (size,) = re.findall(r"Max address space +(\d+)", limits.read_text())
    assert int(size) == QUICK.memory_bytes


def test_processes_know_no_secrets(one_child: ChildPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_SECRET_KEY", "secret")
    one_child.close()
    one_child.render(Source("a"))
    (pid,) = one_child.pids()
    environment = Path(f"/proc/{pid}/environ")
    if not environment.exists():
        pytest.skip("needs /proc")

    assert b"ASKWELL" not in environment.read_bytes()


def test_a_process_that_does_not_start_is_an_error_with_a_way_to_find_out_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A program that ends at once and says nothing, as an interpreter without our package would.
    monkeypatch.setattr(process_module.sys, "executable", shutil.which("false"))
    pool = ChildPool(1)
    try:
        with pytest.raises(Misconfigured, match=r"forum\.core\.markup\.child"):
            pool.render(Source("a"))
    finally:
        pool.close()


def test_many_texts_come_back_in_their_order() -> None:
    sources = (Source(f"text {number}", anchor=f"p{number}") for number in range(100))

    assert [rendered.text for rendered in render_many(sources)] == [f"text {number}" for number in range(100)]


def test_a_text_is_rendered_with_everything_it_was_given() -> None:
    rendered = markup.render(
        "@bob[^1]\n\n[^1]: note", mentions={"bob": "/users/1"}, anchor="p42", flavour=Flavour.POST
    )

    assert rendered.ok
    assert rendered.version == markup.RENDER_VERSION
    assert rendered.mentions == {"bob"}
    assert '<a href="/users/1" class="mention">@bob</a>' in rendered.html
    assert 'id="user-content-p42-fn-1"' in rendered.html
    assert markup.render("# a", flavour=Flavour.COMMENT).html == "<p># a</p>"


@pytest.mark.parametrize("line", ["Some *text* with a [link](https://example.org).\n\n", "- item\n", "word "])
def test_ordinary_text_takes_linear_time(line: str) -> None:
    def seconds(times: int) -> float:
        best = 60.0
        for _ in range(3):
            started = time.process_time()
            convert(Source(line * times))
            best = min(best, time.process_time() - started)
        return best

    assert seconds(400) < 4 * 2.2 * seconds(100) + 0.02
