"""Texts as arrays of numbers: each distinct piece of the texts is taken apart once, and counted with NumPy.

A piece is what stands between two blanks; see `forum.search.pieces`. The terms of a text are those of its
pieces, so a text costs a look-up for each piece, and a batch of texts a few operations on arrays.
"""

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.analysis import Analysis
from forum.search.pruning import looked_for

Numbers = NDArray[np.uint32]
Places = NDArray[np.int64]

MOST_PIECES = 100_000
"""Distinct pieces that are remembered, which takes some thirty megabytes."""


class TermNumbers(dict[str, int]):
    """Terms, each with the number that it gets when it is looked up for the first time."""

    def __init__(self, *, errors: str = "strict") -> None:
        """Encode terms with this handling of `errors`; those that are the same then have one number."""
        super().__init__()
        self._errors = errors
        self._numbers: dict[bytes, int] = {}
        self.encoded: list[bytes] = []
        """The terms by their numbers."""

    def __missing__(self, term: str) -> int:
        written = term.encode("utf-8", self._errors)
        number = self._numbers.setdefault(written, len(self.encoded))
        if number == len(self.encoded):
            self.encoded.append(written)
        self[term] = number
        return number


class Occurrences(NamedTuple):
    """Where terms stand, in the order of the texts: in which text, and at which position there."""

    terms: Numbers
    texts: Places
    positions: Places
    are_sought: NDArray[np.bool_]
    """Which of them are looked for at their positions; see `looked_for`."""


class Words(NamedTuple):
    """The words of texts as they are written, and the text that each is in."""

    words: Numbers
    texts: Places
    are_letters: NDArray[np.bool_]
    """Which of them have nothing but letters."""


class PieceNumbers(dict[str, int]):
    """Pieces, each taken apart and numbered when it is looked up for the first time."""

    def __init__(
        self,
        analysis: Analysis,
        terms: TermNumbers,
        words: TermNumbers,
    ) -> None:
        """Number the terms of pieces by `terms`, and their words by `words`."""
        super().__init__()
        self._analysis = analysis
        self.terms = terms
        self._words = words
        self._forget()

    def _forget(self) -> None:
        self.clear()
        self._word_counts = array("I")
        self._term_counts = array("I")
        # Of each term of a piece, one piece after the other: its number, at which word it stands, and whether
        # it is what is looked for there.
        self._term_numbers = array("I")
        self._offsets = array("I")
        self._are_sought = array("B")
        # Of each word of a piece.
        self._word_numbers = array("I")
        self._are_letters = array("B")

    def __missing__(self, piece: str) -> int:
        forms = [written.forms for written in self._analysis.written_forms(piece)]
        before = len(self._term_numbers)
        for offset, form in enumerate(forms):
            sought = looked_for(form.indexed)
            self._term_numbers.extend([self.terms[term] for term in form.indexed])
            self._offsets.extend([offset] * len(form.indexed))
            self._are_sought.extend([term in sought for term in form.indexed])
            self._word_numbers.append(self._words[form.exact])
            self._are_letters.append(form.exact.isalpha())
        self._word_counts.append(len(forms))
        self._term_counts.append(len(self._term_numbers) - before)
        self[piece] = number = len(self)
        return number

    def read(self, texts: Iterable[str]) -> "Reading":
        """Return these texts as numbers. Raises UnicodeEncodeError for terms that can't be encoded."""
        if len(self) > MOST_PIECES:
            self._forget()
        pieces = array("I")
        counts = []
        for text in texts:
            before = len(pieces)
            pieces.extend(map(self.__getitem__, text.split()))
            counts.append(len(pieces) - before)
        return Reading(
            np.array(pieces, np.uint32),
            np.array(counts, np.int64),
            words=_Held(self._word_counts, (self._word_numbers, self._are_letters)),
            terms=_Held(self._term_counts, (self._term_numbers, self._offsets, self._are_sought)),
        )


class _Held:
    """What pieces hold, one piece after the other."""

    def __init__(self, counts: "array[int]", values: "tuple[array[int], ...]") -> None:
        # Copied, as arrays that are shown to NumPy can't grow.
        self._counts = np.array(counts, np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._values = [np.array(value) for value in values]

    def counts(self, pieces: Numbers) -> Places:
        """Return how many each of these pieces holds."""
        counts: Places = self._counts[pieces]
        return counts

    def of(self, pieces: Numbers) -> list[NDArray[np.uint32]]:
        """Return what these pieces hold, each kind of number in an array."""
        places = ranges(self._starts[pieces], self._counts[pieces])
        return [value[places] for value in self._values]


class Reading:
    """Texts as numbers."""

    def __init__(self, pieces: Numbers, counts: Places, *, words: _Held, terms: _Held) -> None:
        self._pieces = pieces
        self._words = words
        self._terms = terms
        self._texts = np.repeat(np.arange(len(counts)), counts)
        per_piece = words.counts(pieces)
        passed = np.concatenate([np.zeros(1, np.int64), np.cumsum(per_piece)])
        ends = np.cumsum(counts)
        self.lengths: Places = passed[ends] - passed[ends - counts]
        """How many words each text has."""
        self._firsts = passed[:-1] - np.repeat(passed[ends - counts], counts)

    def occurrences(self) -> Occurrences:
        """Return where all terms stand."""
        counts = self._terms.counts(self._pieces)
        terms, offsets, are_sought = self._terms.of(self._pieces)
        texts, firsts = np.repeat(self._texts, counts), np.repeat(self._firsts, counts)
        return Occurrences(terms, texts, firsts + offsets.astype(np.int64), are_sought.astype(np.bool_))

    def words(self) -> Words:
        """Return all words."""
        words, are_letters = self._words.of(self._pieces)
        texts = np.repeat(self._texts, self._words.counts(self._pieces))
        return Words(words, texts, are_letters.astype(np.bool_))


def ranges(starts: Places, counts: Places) -> Places:
    """Return so many consecutive numbers from each of the starts on, one range after the other."""
    ends = np.cumsum(counts)
    places = np.repeat(starts - (ends - counts), counts)
    places += np.arange(len(places))
    return places
