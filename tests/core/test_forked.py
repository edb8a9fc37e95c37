"""Work is shared out among processes, and its results come in the order of the work."""

import os
import signal
import time

import pytest

from forum.core.forked import in_order


def test_results_come_in_the_order_of_the_items() -> None:
    def work(number: int) -> tuple[int, int]:
        time.sleep(0.02 * (number % 3 == 0))
        return number * number, os.getpid()

    closed: list[int] = []
    found = list(in_order(work, range(12), processes=2, before=lambda: closed.append(1)))

    assert [square for square, _ in found] == [number * number for number in range(12)]
    assert os.getpid() not in {process for _, process in found}
    assert closed == [1]


def test_with_one_process_nothing_is_forked_or_closed() -> None:
    def refuse() -> None:
        raise AssertionError

    found = list(in_order(lambda _: os.getpid(), range(3), processes=1, before=refuse))
    assert found == [os.getpid()] * 3


def test_what_a_process_raises_is_raised_here() -> None:
    def work(number: int) -> int:
        return 1 // (2 - number)

    results = in_order(work, range(9), processes=2, before=lambda: None)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_what_a_dead_process_left_is_done_by_this_one(caplog: pytest.LogCaptureFixture) -> None:
    own = os.getpid()

    def work(number: int) -> int:
        if number == 5 and os.getpid() != own:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert list(in_order(work, range(40), processes=2, before=lambda: None)) == list(range(40))
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_who_takes_no_more_results_leaves_no_process_behind() -> None:
    results = in_order(lambda _: os.getpid(), iter(range(1_000_000)), processes=2, before=lambda: None)
    process = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
