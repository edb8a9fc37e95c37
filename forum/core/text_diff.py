"""What changed from one text to the next, by words, in one column or in two.

The work is bounded: after the time limit the rest of a hostile pair of texts is shown as replaced, which is
correct though not the shortest way to tell it.
"""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from diff_match_patch import diff_match_patch

TIME_LIMIT = 0.2
"""Seconds after which the shortest difference is no longer looked for; honest edits take far less."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Tokens are numbered by characters; these are no characters of their own and would not survive encoding.
_SURROGATES = range(0xD800, 0xE000)


class Change(StrEnum):
    """What happened to a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


_FATES = {
    diff_match_patch.DIFF_EQUAL: Change.KEPT,
    diff_match_patch.DIFF_DELETE: Change.REMOVED,
    diff_match_patch.DIFF_INSERT: Change.ADDED,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with one fate."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the old text beside its successor; None where there is none on that side."""

    old: tuple[Piece, ...] | None
    new: tuple[Piece, ...] | None

    @property
    def is_changed(self) -> bool:
        """Whether the two sides differ."""
        return self.old != self.new


def inline(old: str, new: str) -> tuple[Piece, ...]:
    """Return both texts in one: what stayed, what went, what came, by words."""
    return _compare(_WORDS.findall(old), _WORDS.findall(new), tidy=True)


def side_by_side(old: str, new: str) -> tuple[Row, ...]:
    """Return the lines of both texts beside each other, with the words that differ marked."""
    rows: list[Row] = []
    removed: list[str] = []
    added: list[str] = []
    deadline = time.monotonic() + TIME_LIMIT
    for piece in _compare(_LINES.findall(old), _LINES.findall(new), tidy=False):
        lines = [line.removesuffix("\n") for line in _LINES.findall(piece.text)]
        if piece.change is Change.REMOVED:
            removed += lines
        elif piece.change is Change.ADDED:
            added += lines
        else:
            rows += _changed_rows(removed, added, deadline=deadline)
            rows += [_kept_row(line) for line in lines]
            removed, added = [], []
    return (*rows, *_changed_rows(removed, added, deadline=deadline))


def _kept_row(line: str) -> Row:
    side = (Piece(Change.KEPT, line),)
    return Row(old=side, new=side)


def _changed_rows(removed: Sequence[str], added: Sequence[str], *, deadline: float) -> Iterable[Row]:
    for old, new in zip_longest(removed, added):
        if old is None:
            yield Row(old=None, new=(Piece(Change.ADDED, new),))
        elif new is None:
            yield Row(old=(Piece(Change.REMOVED, old),), new=None)
        else:
            is_late = time.monotonic() > deadline
            pieces = _replaced(old, new) if is_late else inline(old, new)
            yield Row(
                old=tuple(piece for piece in pieces if piece.change is not Change.ADDED),
                new=tuple(piece for piece in pieces if piece.change is not Change.REMOVED),
            )


def _replaced(old: str, new: str) -> tuple[Piece, ...]:
    return (Piece(Change.REMOVED, old), Piece(Change.ADDED, new))


def differences(old: Sequence[str], new: Sequence[str]) -> list[tuple[Change, list[str]]]:
    """Compare two sequences of tokens, and return stretches of them with their fates; the time is bounded."""
    return _stretches(old, new, tidy=False)


def _compare(old: Sequence[str], new: Sequence[str], *, tidy: bool) -> tuple[Piece, ...]:
    return tuple(Piece(change, "".join(tokens)) for change, tokens in _stretches(old, new, tidy=tidy))


def _stretches(old: Sequence[str], new: Sequence[str], *, tidy: bool) -> list[tuple[Change, list[str]]]:
    """Compare two sequences of tokens, as texts in which each different token is one character."""
    numbers: dict[str, str] = {}
    codes = [_encode(tokens, numbers) for tokens in (old, new)]
    tokens = {code: token for token, code in numbers.items()}
    engine = diff_match_patch()
    engine.Diff_Timeout = TIME_LIMIT
    found = engine.diff_main(codes[0], codes[1], False)
    if tidy:
        # Joins scattered coincidences, such as the blanks between words that are all new.
        engine.diff_cleanupSemantic(found)
    return [(_FATES[fate], [tokens[code] for code in part]) for fate, part in found]


def _encode(tokens: Sequence[str], numbers: dict[str, str]) -> str:
    return "".join(numbers.setdefault(token, _character(len(numbers) + 1)) for token in tokens)


def _character(number: int) -> str:
    return chr(number if number < _SURROGATES.start else number + len(_SURROGATES))
