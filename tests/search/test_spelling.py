import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search.spelling import distance, likeliest, neighbours, slips_in

WORDS = st.text("abcdeé", max_size=7)


@pytest.mark.parametrize(
    ("word", "slips"),
    [("wifi", 1), ("driver", 1), ("firmware", 2), ("usb", 0), ("0x80", 0), ("node.js", 0), ("a" * 25, 0)],
)
def test_it_follows_more_slips_in_longer_words(word: str, slips: int) -> None:
    assert slips_in(word) == slips


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("driver", "driver", 0),
        ("driver", "drivre", 1),
        ("driver", "drver", 1),
        ("driver", "drivers", 1),
        ("driver", "drover", 1),
        ("firmware", "fimrwaer", 2),
        ("firmware", "software", 3),
    ],
)
def test_it_counts_swapped_letters_as_one_slip(one: str, other: str, slips: int) -> None:
    assert distance(one, other, most=2) == slips
    assert distance(other, one, most=2) == slips


@given(WORDS)
def test_all_neighbours_are_at_most_one_slip_away(word: str) -> None:
    assert all(distance(word, near, most=1) <= 1 for near in neighbours(word, "abcdeé"))


@given(WORDS, WORDS)
def test_no_word_at_one_slip_is_missing_from_the_neighbours(one: str, other: str) -> None:
    assert (distance(one, other, most=1) == 1) <= (other in set(neighbours(one, "abcdeé")))


def test_the_nearest_wins_then_the_commonest() -> None:
    counts = {"printer": 3, "printed": 9, "painter": 50, "points": 99}
    assert likeliest("printet", counts, counts.__getitem__) == "printed"
    assert likeliest("printers", counts, counts.__getitem__) == "printer"
    assert likeliest("zzzz", counts, counts.__getitem__) is None
