"""Results that are kept up to a number of bytes."""

from forum.core.kept import Kept


def test_the_least_asked_for_are_dropped_when_there_is_no_room() -> None:
    kept = Kept[str](most_bytes=250)
    kept.keep("a", "first", size=100)
    kept.keep("b", "second", size=100)
    kept.get("a")
    kept.keep("c", "third", size=100)

    assert [kept.get(key) for key in "abc"] == ["first", None, "third"]


def test_a_result_takes_the_place_of_the_former_one() -> None:
    kept = Kept[str](most_bytes=250)
    kept.keep("a", "first", size=200)
    kept.keep("a", "second", size=100)
    kept.keep("b", "third", size=150)

    assert [kept.get(key) for key in "ab"] == ["second", "third"]


def test_what_is_larger_than_all_room_is_not_kept() -> None:
    kept = Kept[str](most_bytes=250)
    kept.keep("a", "first", size=300)

    assert kept.get("a") is None
