"""Counting visitors without knowing them."""

import pytest

from forum.shares import rules

SECRET = "s" * 32


def _bits(count: int, *, seed: int = 1) -> bytes:
    """Return the bits of a link that so many addresses came by."""
    networks = (f"10.{seed}.{number // 256}.{number % 256}" for number in range(count))
    return rules.with_visitors(
        b"", [rules.place_of(SECRET, post_id=1, sharer_id=2, network=network) for network in networks]
    )


def test_a_new_link_has_no_visitors() -> None:
    assert rules.visitor_count(rules.with_visitors(b"", [])) == 0


@pytest.mark.parametrize(("count", "most_off"), [(1, 0), (5, 0), (25, 1), (300, 9), (1000, 30), (5000, 200)])
def test_visitors_are_counted_about_right(count: int, most_off: int) -> None:
    for seed in range(5):
        assert abs(rules.visitor_count(_bits(count, seed=seed)) - count) <= most_off


def test_nobody_counts_twice() -> None:
    bits = _bits(100)
    place = rules.place_of(SECRET, post_id=1, sharer_id=2, network="10.0.0.1")
    once = rules.with_visitors(bits, [place])

    assert rules.with_visitors(once, [place, place]) == once
    assert rules.place_of(SECRET, post_id=1, sharer_id=2, network="10.0.0.1") == place


def test_even_full_bits_have_a_number() -> None:
    full = rules.with_visitors(b"", range(rules.PLACES))

    assert rules.visitor_count(full) > rules.BADGES[-1].visitors


def test_bits_of_two_links_or_sites_tell_nothing_about_each_other() -> None:
    places = {
        rules.place_of(secret, post_id=post_id, sharer_id=sharer_id, network="192.0.2.1")
        for secret in (SECRET, "t" * 32)
        for post_id in (1, 2, 3)
        for sharer_id in (1, 2, 3)
    }

    assert len(places) >= 17


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("nonsense", "nonsense"),
        (None, ""),
    ],
)
def test_a_home_is_one_visitor(address: str | None, network: str) -> None:
    assert rules.network_of(address) == network


def test_badges_are_earned_when_their_number_is_passed() -> None:
    def earned(before: int, after: int) -> list[str]:
        return [badge.name for badge in rules.badges_earned(before=before, after=after)]

    assert earned(0, 24) == []
    assert earned(24, 25) == ["Announcer"]
    assert earned(25, 299) == []
    assert earned(0, 1000) == ["Announcer", "Booster", "Publicist"]


def test_links_are_short() -> None:
    assert rules.share_path(12, is_answer=False, sharer_id=3) == "/q/12/3"
    assert rules.share_path(34, is_answer=True, sharer_id=3) == "/a/34/3"
