"""Postings in memory, before they are written: arrays of numbers, put in order by terms once."""

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engines.whoosh_codec import (
    MOST_OFTEN,
    Frequencies,
    Numbers,
    PostingsOfTerms,
    encode_positions,
)
from forum.search.numbering import Places, TermNumbers, ranges

_LOW = np.int64(0xFFFFFFFF)
_NO_STEPS = np.zeros(0, np.uint16)


class Part(NamedTuple):
    """Postings of one term; the part of each in `content` ends at `ends`, if the field has any content."""

    numbers: Numbers
    frequencies: Frequencies
    ends: Numbers
    content: bytes


class _Portion(NamedTuple):
    """Postings of many terms, in the order in which they are to be written of each term."""

    terms: Numbers
    numbers: Numbers
    counts: Numbers
    sizes: Numbers
    """How many of the steps belong to each posting; see `encode_positions`."""
    steps: NDArray[np.uint16]


class Postings:
    """The postings of one field in the order in which they come; a record's numbers are never smaller."""

    def __init__(self, terms: TermNumbers) -> None:
        """Gather postings of terms that are numbered so."""
        self._terms = terms
        self._portions: list[_Portion] = []
        self._marks = array("I")
        self._marked = array("I")

    def add(self, terms: Numbers, numbers: Numbers, positions: Numbers) -> None:
        """Take terms with the record that each stands in and its position there, by rising positions.

        One call takes all of a record, and records come by rising numbers.
        """
        if not len(terms):
            return
        order, of = _by(terms)
        numbers, positions = numbers[order], positions[order]
        is_first = np.ones(len(of), np.bool_)
        is_first[1:] = (of[1:] != of[:-1]) | (numbers[1:] != numbers[:-1])
        firsts = np.flatnonzero(is_first)
        counts = np.diff(firsts, append=len(of)).astype(np.uint32)
        steps, sizes = encode_positions(positions, counts)
        self._portions.append(
            _Portion(of[firsts].astype(np.uint32), numbers[firsts], counts, sizes.astype(np.uint32, copy=False), steps)
        )

    def mark(self, number: int, marks: Iterable[str]) -> None:
        """Take marks that a record has, which have no positions."""
        places = [self._terms[mark] for mark in marks]
        self._marks.extend(places)
        self._marked.extend(repeat(number, len(places)))

    def mark_all(self, marks: Numbers, numbers: Numbers) -> None:
        """Take the numbers of marks that records have, each with the record, by rising records."""
        self._marks.frombytes(marks.astype(np.uint32).tobytes())
        self._marked.frombytes(numbers.astype(np.uint32).tobytes())

    def by_term(self) -> "ByTerm":
        """Return what was added, put in order once, and let go of it."""
        portions, self._portions = self._portions, []
        if self._marks:
            portions.append(self._all_marks())
        standing = sum(
            (np.bincount(portion.terms, minlength=len(self._terms.encoded)) for portion in portions),
            start=np.zeros(len(self._terms.encoded), np.int64),
        )
        encoded = self._terms.encoded
        used = sorted(np.flatnonzero(standing).tolist(), key=encoded.__getitem__)
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(standing[used])])
        free = np.zeros(len(encoded), np.int64)
        free[used] = starts[:-1]
        return ByTerm([encoded[number] for number in used], _placed(portions, starts, free))

    def _all_marks(self) -> _Portion:
        order, terms = _by(np.array(self._marks, np.uint32))
        numbers = np.array(self._marked, np.uint32)[order]
        counts = np.ones(len(order), np.uint32)
        return _Portion(terms.astype(np.uint32), numbers, counts, np.zeros(len(order), np.uint32), _NO_STEPS)


def _placed(portions: list[_Portion], starts: Places, free: Places) -> PostingsOfTerms:
    """Return all postings, those of a term from where it starts on, by the portions; takes these away.

    `free` says where the next posting of each term goes. As each portion is in order by its terms, that
    takes no sorting.
    """
    size = int(starts[-1])
    numbers, frequencies = np.zeros(size, np.uint32), np.zeros(size, np.uint16)
    sizes = np.zeros(size, np.uint32)
    places = []
    for portion in portions:
        firsts = np.flatnonzero(np.diff(portion.terms, prepend=np.uint32(0xFFFFFFFF)))
        counts = np.diff(firsts, append=len(portion.terms))
        terms = portion.terms[firsts]
        place = ranges(free[terms], counts)
        free[terms] += counts
        numbers[place] = portion.numbers
        frequencies[place] = np.minimum(portion.counts, MOST_OFTEN)
        sizes[place] = portion.sizes
        places.append(place.astype(np.uint32))
    ends = np.cumsum(sizes, dtype=np.int64)
    steps = np.zeros(int(ends[-1]) if size else 0, "<u2")
    if len(steps):
        befores = ends - sizes
        for place in places:
            portion = portions.pop(0)
            steps[ranges(befores[place], portion.sizes.astype(np.int64))] = portion.steps
        # Within a term, as they are written.
        ends -= np.repeat(befores[starts[:-1]], np.diff(starts))
        ends *= steps.itemsize
    return PostingsOfTerms(starts, numbers, frequencies, ends.astype(np.uint32), steps.tobytes())


class ByTerm:
    """The postings of a field, those of each term together."""

    def __init__(self, names: list[bytes], whole: PostingsOfTerms) -> None:
        self.names = names
        """The terms in the order of their bytes."""
        self.whole = whole

    @cached_property
    def _places(self) -> dict[bytes, tuple[int, int, int, int]]:
        """Where the postings of each term start and end, and where their content does."""
        starts, contents = self.whole.starts.tolist(), self.whole.content_starts().tolist()
        bounds = zip(starts[:-1], starts[1:], contents[:-1], contents[1:], strict=True)
        return dict(zip(self.names, bounds, strict=True))

    def part(self, term: bytes) -> Part | None:
        """Return the postings of a term, or None if there are none."""
        if term not in self._places:
            return None
        first, last, start, end = self._places[term]
        whole = self.whole
        return Part(
            whole.numbers[first:last],
            whole.frequencies[first:last],
            whole.ends[first:last],
            whole.content[start:end],
        )


def joined(parts: Sequence[Sequence[Part]]) -> PostingsOfTerms:
    """Return the postings of terms of which each has these parts, whose numbers rise from one to the next."""
    flat = list(chain.from_iterable(parts))
    sizes = np.array([len(part.numbers) for part in flat])
    contents = np.array([len(part.content) for part in flat])
    firsts = np.cumsum([0, *(len(of) for of in parts)])
    before = np.cumsum(contents) - contents
    before -= np.repeat(before[firsts[:-1]], np.diff(firsts))
    ends = np.concatenate([part.ends for part in flat])
    content = b"".join(part.content for part in flat)
    if content:
        ends = ends + np.repeat(before, sizes).astype(np.uint32)
    return PostingsOfTerms(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])[firsts],
        np.concatenate([part.numbers for part in flat]),
        np.concatenate([part.frequencies for part in flat]),
        ends,
        content,
    )


def _by(terms: Numbers) -> tuple[Places, Places]:
    """Return the order of numbers by size, equal ones as they come, and the numbers in it.

    Sorting one array of number and place takes a third of the time of NumPy's stable sorting by number.
    """
    keys = terms.astype(np.int64)
    keys <<= 32
    keys |= np.arange(len(keys))
    keys.sort()
    order: Any = keys & _LOW
    keys >>= 32
    return order, keys
