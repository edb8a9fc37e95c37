import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.text_diff import TIME_LIMIT, Change, Piece, Row, inline, side_by_side

TEXTS = st.text(alphabet="ab \n\U0001f600é", max_size=60)


def _joined(pieces: tuple[Piece, ...] | None, *, without: Change) -> str:
    return "".join(piece.text for piece in pieces or () if piece.change is not without)


def test_inline_marks_the_words_that_changed() -> None:
    pieces = inline("the quick brown fox", "the slow brown fox jumps")

    assert pieces == (
        Piece(Change.KEPT, "the "),
        Piece(Change.REMOVED, "quick"),
        Piece(Change.ADDED, "slow"),
        Piece(Change.KEPT, " brown fox"),
        Piece(Change.ADDED, " jumps"),
    )


def test_side_by_side_puts_a_changed_line_beside_its_successor() -> None:
    rows = side_by_side("one\ntwo words\nthree", "one\ntwo other words\nthree\nfour")

    same = Row(old=(Piece(Change.KEPT, "one"),), new=(Piece(Change.KEPT, "one"),))
    assert rows[0] == same
    assert rows[1].is_changed
    assert _joined(rows[1].old, without=Change.ADDED) == "two words"
    assert _joined(rows[1].new, without=Change.REMOVED) == "two other words"
    assert rows[-1].old is None
    assert rows[-1].new == (Piece(Change.ADDED, "four"),)


def test_equal_texts_have_no_difference() -> None:
    assert {piece.change for piece in inline("same\ntext", "same\ntext")} == {Change.KEPT}
    assert not any(row.is_changed for row in side_by_side("same\ntext", "same\ntext"))


@given(TEXTS, TEXTS)
def test_inline_contains_both_texts_completely(old: str, new: str) -> None:
    pieces = inline(old, new)

    assert _joined(pieces, without=Change.ADDED) == old
    assert _joined(pieces, without=Change.REMOVED) == new


@given(TEXTS, TEXTS)
def test_side_by_side_contains_every_line_of_both_texts(old: str, new: str) -> None:
    rows = side_by_side(old, new)

    assert [_joined(row.old, without=Change.ADDED) for row in rows if row.old is not None] == old.splitlines()
    assert [
        _joined(row.new, without=Change.REMOVED) for row in rows if row.new is not None
    ] == new.splitlines()


@pytest.mark.parametrize(
    "alphabet", ["ab \n", "\n", "abc", "a\nb\n", "".join(map(chr, range(0x4E00, 0x6000)))], ids=repr
)
def test_hostile_texts_take_bounded_time(alphabet: str) -> None:
    chance = random.Random(7)
    old, new = ("".join(chance.choices(alphabet, k=30_000)) for _ in range(2))
    began = time.process_time()

    inline(old, new)
    side_by_side(old, new)

    # One limit for the words, one for the lines, one for the words of the lines; and time for the pieces.
    # Processor time, as other work on the machine says nothing about the code.
    assert time.process_time() - began < 3 * TIME_LIMIT + 4
