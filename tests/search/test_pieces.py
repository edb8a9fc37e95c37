"""Pieces of texts are found by their terms, however many are remembered."""

from hypothesis import given
from hypothesis import strategies as st

from forum.search.pieces import LONGEST_PIECE, Pieces

_piece = st.text("ab", min_size=1, max_size=3) | st.just("a" * (LONGEST_PIECE + 1))


@given(asked=st.lists(st.tuples(st.sets(_piece), st.lists(st.sampled_from("ab"))), max_size=12))
def test_a_piece_is_found_by_each_of_its_terms(asked: list[tuple[set[str], list[str]]]) -> None:
    pieces = Pieces(set, most=3)

    for texts, terms in asked:
        assert pieces.holding(terms, texts) == {text for text in texts if set(text) & set(terms)}


def test_a_piece_is_read_once() -> None:
    read: list[str] = []

    def terms_in(piece: str) -> set[str]:
        read.append(piece)
        return {piece}

    pieces = Pieces(terms_in)

    assert pieces.holding(["a"], {"a", "b"}) == pieces.holding(["a"], {"a", "b"}) == {"a"}
    assert sorted(read) == ["a", "b"]
