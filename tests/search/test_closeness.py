import re
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.search import closeness
from forum.search.engine import SimilarQuery
from forum.search.engines.languages import analyses_for
from forum.search.pruning import MAX_TERMS, Sought, asked_of, informative, telling


def test_pairs_are_neighbours_each_once_and_bounded() -> None:
    assert closeness.pairs_of(["a", "b", "a", "b"]) == (("a", "b"), ("b", "a"))
    assert closeness.pairs_of(["a"]) == ()
    assert len(closeness.pairs_of([str(number) for number in range(99)])) == closeness.MOST_PAIRS


def test_rare_pairs_count_more_and_repetition_ever_less() -> None:
    counts = np.array([[1, 0], [0, 1], [9, 0], [1, 1], [1, 0]])
    shares = closeness.pair_shares(counts, threads=1_000)

    assert shares[1] > shares[0] == shares[4]
    assert shares[0] < shares[2] < 2 * shares[0]
    assert shares[3] == pytest.approx(1)
    assert closeness.pair_shares(np.zeros((3, 0), np.int64), threads=9).tolist() == [0, 0, 0]


def test_letters_see_through_slips_and_compounds() -> None:
    same, slip, other, empty = closeness.letter_likeness(
        "Printer driver", ["printer driver", "printerdriver crashs", "Wi-Fi off", ""]
    )

    assert same == pytest.approx(1)
    assert 0.3 < slip < 1
    assert other == empty == 0
    assert closeness.letter_likeness("", ["x"]).tolist() == [0]


def test_what_speaks_for_a_thread_by_itself_is_bounded() -> None:
    assert closeness.recency(np.array([-5.0, 0, closeness.RECENT_DAYS, 1e9])) == pytest.approx(
        [1, 1, 0.5, 0], abs=1e-6
    )
    assert closeness.detail(np.array([0.0, 1e9])).tolist() == [0, 1]
    assert closeness.esteem(np.array([-9.0, 0, 1e9])).tolist() == [0, 0, 1]
    assert closeness.tag_share(["a", "b"], [frozenset("a"), frozenset("ab"), frozenset()]).tolist() == [
        0.5,
        1,
        0,
    ]
    assert closeness.tag_share([], [frozenset("a")]).tolist() == [0]


def test_a_long_question_is_looked_for_by_its_telling_terms() -> None:
    prose = analyses_for("en").prose
    body = " ".join(f"common{number}" for number in range(300)) + " ECONNREFUSED"
    asked = asked_of(SimilarQuery("Crash of socket", body), prose)
    sought = informative(asked.terms, lambda term: 9.0 if "econn" in term else 1.0)

    assert len(sought) == MAX_TERMS
    assert sought[0].term == "econnrefus"
    assert {term.term for term in sought} >= {"crash", "socket"}
    assert informative(asked.terms, lambda term: 0.0) == ()


def test_only_what_tells_much_is_shown_as_found() -> None:
    sought = [Sought("econnrefused", 0.5, 8.0), Sought("socket", 0.5, 4.0), Sought("after", 0.5, 1.0)]

    assert telling(sought) == ("econnrefused", "socket")
    assert telling([]) == ()


def grams_of(title: str) -> set[str]:
    spaced = " ".join(["", *re.findall(r"\w+", title.lower()), ""])
    return {spaced[at : at + size] for size in (3, 4) for at in range(len(spaced) - size + 1)}


@given(
    st.text("abc dé\U0001f600", max_size=20), st.lists(st.text("abc dé\U0001f600", max_size=20), max_size=6)
)
def test_letters_are_compared_as_their_sets_would_be(asked: str, titles: list[str]) -> None:
    held = [grams_of(title) for title in titles]
    counts = {gram: sum(gram in grams for grams in held) for grams in held for gram in grams}
    weights = {gram: log(1 + len(titles) / (count + 0.5)) ** 2 for gram, count in counts.items()}
    wanted = {gram for gram in grams_of(asked) if gram in weights}

    def size(grams: set[str]) -> float:
        return sqrt(sum(weights[gram] for gram in grams))

    expected = [
        sum(weights[gram] for gram in grams & wanted) / (size(wanted) * size(grams)) if grams & wanted else 0
        for grams in held
    ]
    assert closeness.letter_likeness(asked, titles) == pytest.approx(expected)
