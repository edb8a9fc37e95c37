from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest

from forum.core import clock

MOMENT = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)


def test_it_tells_the_present_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_it_stands_still_while_frozen_and_runs_on_afterwards() -> None:
    with clock.frozen(MOMENT):
        assert clock.now() == MOMENT
        with clock.frozen(MOMENT + timedelta(days=1)):
            assert clock.now() == MOMENT + timedelta(days=1)
        assert clock.now() == MOMENT

    assert clock.now() > MOMENT


def test_it_thaws_after_an_error() -> None:
    with pytest.raises(KeyError), clock.frozen(MOMENT):
        raise KeyError

    assert clock.now() != MOMENT


def test_a_frozen_moment_is_told_in_utc() -> None:
    with clock.frozen(datetime(2026, 3, 1, 1, 59, tzinfo=timezone(timedelta(hours=2)))):
        assert clock.now() == MOMENT
        assert clock.now().tzinfo is UTC


def test_it_refuses_a_moment_without_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.frozen(MOMENT.replace(tzinfo=None)):
        pass


def test_other_threads_live_in_the_present() -> None:
    told: list[datetime] = []
    with clock.frozen(MOMENT):
        thread = Thread(target=lambda: told.append(clock.now()))
        thread.start()
        thread.join()

    assert told[0] > MOMENT
