from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from forum.core.db import Database
from forum.core.errors import TooMany
from forum.core.rate_limits import RateLimits, RateLimitWindow

LIMIT = "3 per 5 minutes"


def allowed(limits: RateLimits, *who: str, limit: str = LIMIT) -> bool:
    try:
        limits.count(limit, *who, message="Wait a little.")
    except TooMany:
        return False
    return True


def test_it_refuses_what_comes_after_the_limit(database: Database) -> None:
    limits = RateLimits(database)

    assert [allowed(limits, "sign in", "ada") for _ in range(5)] == [True, True, True, False, False]


def test_a_refusal_tells_how_long_to_wait(database: Database) -> None:
    limits = RateLimits(database)
    for _ in range(3):
        limits.count(LIMIT, "ada", message="Wait a little.")

    with pytest.raises(TooMany, match="Wait a little") as refused:
        limits.count(LIMIT, "ada", message="Wait a little.")

    assert 1 <= refused.value.retry_after <= 5 * 60 + 1


def test_people_and_purposes_are_counted_apart(database: Database) -> None:
    limits = RateLimits(database)
    for _ in range(3):
        limits.count(LIMIT, "sign in", "ada", message="Wait.")

    assert not allowed(limits, "sign in", "ada")
    assert allowed(limits, "sign in", "ben")
    assert allowed(limits, "register", "ada")
    assert allowed(limits, "sign in", "ada", limit="3 per hour")


def test_a_window_ends(database: Database) -> None:
    limits = RateLimits(database)
    for _ in range(4):
        allowed(limits, "ada")
    with database.transaction() as session:
        session.execute(update(RateLimitWindow).values(ends_at=1))

    assert allowed(limits, "ada")


def test_it_counts_for_all_processes_together(database: Database) -> None:
    for limits in (RateLimits(database), RateLimits(database), RateLimits(database)):
        assert allowed(limits, "ada")

    assert not allowed(RateLimits(database), "ada")


def test_attempts_at_the_same_instant_all_count(database: Database) -> None:
    limits = RateLimits(database)

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(lambda _: allowed(limits, "ada", limit="10 per hour"), range(30)))

    assert outcomes.count(True) == 10


def test_clearing_forgets_one_counter_and_resetting_all(database: Database) -> None:
    storage = RateLimits(database).storage
    for key in ("one", "two"):
        storage.incr(key, 60)

    storage.clear("one")
    assert (storage.get("one"), storage.get("two")) == (0, 1)

    storage.reset()
    assert storage.get("two") == 0


def test_sweeping_keeps_the_windows_that_still_count(database: Database) -> None:
    storage = RateLimits(database).storage
    storage.incr("over", 60)
    with database.transaction() as session:
        session.execute(update(RateLimitWindow).values(ends_at=1))
    storage.incr("open", 60)

    storage.sweep()

    with database.reading() as session:
        assert [row.key for row in session.query(RateLimitWindow)] == ["open"]
