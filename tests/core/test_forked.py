"""Work is shared out among processes, and its results come in the order of the work."""

import logging
import os
import signal
import threading
import time
from collections import Counter

import pytest

from forum.core import forked
from forum.core.forked import shared


def _nothing() -> None:
    """Close nothing."""


def test_results_come_in_the_order_of_the_items() -> None:
    def work(number: int) -> tuple[int, int]:
        time.sleep(0.02 * (number % 3 == 0))
        return number * number, os.getpid()

    closed: list[int] = []
    with shared(work, processes=2, before=lambda: closed.append(1)) as sharing:
        found = list(sharing.in_order(work, range(12)))

    assert [square for square, _ in found] == [number * number for number in range(12)]
    assert os.getpid() not in {process for _, process in found}
    assert closed == [1]


def test_the_same_processes_do_one_work_after_the_other() -> None:
    seen: list[int] = []

    def remember(number: int) -> int:
        seen.append(number)
        return os.getpid()

    def recall(_number: int) -> tuple[int, int]:
        return os.getpid(), len(seen)

    with shared(remember, recall, processes=2, before=_nothing) as sharing:
        counts = Counter(sharing.in_order(remember, range(50)))
        recalled = set(sharing.in_order(recall, range(20)))
    assert all(counts[process] == count for process, count in recalled)
    assert not seen


def test_with_one_process_nothing_is_forked_or_closed() -> None:
    def refuse() -> None:
        raise AssertionError

    def work(_number: int) -> int:
        return os.getpid()

    with shared(work, processes=1, before=refuse) as sharing:
        assert list(sharing.in_order(work, range(3))) == [os.getpid()] * 3


def test_what_a_process_raises_is_raised_here() -> None:
    def work(number: int) -> int:
        return 1 // (2 - number)

    with shared(work, processes=2, before=_nothing) as sharing:
        results = sharing.in_order(work, range(9))
        assert [next(results), next(results)] == [0, 1]
        with pytest.raises(ZeroDivisionError):
            next(results)


def test_what_a_dead_process_left_is_done_by_this_one(caplog: pytest.LogCaptureFixture) -> None:
    # Whatever level other tests have left behind.
    caplog.set_level(logging.WARNING, logger=forked.__name__)
    own = os.getpid()

    def work(number: int) -> int:
        if number == 5 and os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with shared(work, processes=2, before=_nothing) as sharing:
        assert list(sharing.in_order(work, range(40))) == list(range(40))
        assert list(sharing.in_order(work, range(7))) == list(range(7))
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_a_process_that_dies_in_the_middle_of_a_long_result_keeps_nobody_waiting() -> None:
    own = os.getpid()

    def work(number: int) -> bytes:
        if number == 4 and os.getpid() != own:
            # The pipe is full by then, as nobody takes the first part of the result.
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return bytes(3_000_000)

    with shared(work, processes=2, before=_nothing) as sharing:
        results = sharing.in_order(work, range(12))
        first = next(results)
        time.sleep(0.6)
        assert [len(result) for result in (first, *results)] == [3_000_000] * 12


def test_an_error_of_the_work_is_not_taken_for_a_dead_process() -> None:
    def work(_number: int) -> None:
        raise FileNotFoundError("no such index")

    with shared(work, processes=2, before=_nothing) as sharing, pytest.raises(FileNotFoundError):
        list(sharing.in_order(work, range(3)))


def test_who_takes_no_more_results_leaves_no_process_behind() -> None:
    def work(_number: int) -> int:
        return os.getpid()

    with shared(work, processes=2, before=_nothing) as sharing:
        process = next(sharing.in_order(work, iter(range(1_000_000))))
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
