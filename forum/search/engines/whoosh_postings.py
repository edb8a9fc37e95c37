"""Postings in memory, before they are written: arrays of numbers, those of a batch of threads in order.

A batch can be made by another process than the one that writes: it says itself what its terms are.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import chain
from typing import NamedTuple

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
_NO_TERM = np.uint32(0xFFFFFFFF)


class Part(NamedTuple):
    """Postings of one term; the part of each in `content` ends at `ends`, if the field has any content."""

    numbers: Numbers
    frequencies: Frequencies
    ends: Numbers
    content: bytes


class Portion(NamedTuple):
    """Postings of a field, those of each term together, by rising records."""

    names: list[bytes]
    """The terms by their numbers."""
    terms: Numbers
    records: Numbers
    counts: Numbers
    """How often the term stands in the record."""
    sizes: Numbers
    """How many of the steps belong to each posting; see `encode_positions`."""
    steps: NDArray[np.uint16]

    @classmethod
    def of_texts(cls, known: TermNumbers, terms: Numbers, records: Places, positions: Places) -> "Portion":
        """Return the postings of terms, each with its record and its position there, as they stand in texts.

        `known` has the terms by their numbers. Records and the positions in each must rise.
        """
        order, rising = _by(terms)
        records = records[order]
        is_first = np.ones(len(rising), np.bool_)
        is_first[1:] = (rising[1:] != rising[:-1]) | (records[1:] != records[:-1])
        firsts = np.flatnonzero(is_first)
        counts = np.diff(firsts, append=len(rising)).astype(np.uint32)
        steps, sizes = encode_positions(positions[order].astype(np.uint32), counts)
        names, numbers = _named(known, rising[firsts])
        return cls(
            names,
            numbers,
            records[firsts].astype(np.uint32),
            counts,
            sizes.astype(np.uint32, copy=False),
            steps,
        )

    @classmethod
    def of_marks(cls, known: TermNumbers, marks: Places, records: Places) -> "Portion":
        """Return the postings of marks, which have no positions, each with its record; records must rise."""
        order, rising = _by(marks)
        names, terms = _named(known, rising)
        ones = np.ones(len(terms), np.uint32)
        nought = np.zeros(len(terms), np.uint32)
        return cls(names, terms, records[order].astype(np.uint32), ones, nought, np.zeros(0, np.uint16))


class Postings:
    """The postings of one field, as they come in portions; records rise from one to the next."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}
        self._portions: list[Portion] = []
        self.bytes = 0
        """What the postings take that were added and not asked for since; their terms come on top."""

    def add(self, portion: Portion, first: int) -> None:
        """Take postings whose records are counted from this one on."""
        number_of = self._numbers
        numbers = np.array([number_of.setdefault(name, len(number_of)) for name in portion.names], np.uint32)
        if len(numbers):
            terms, records = numbers[portion.terms], portion.records + np.uint32(first)
            self._portions.append(portion._replace(names=[], terms=terms, records=records))
            arrays = {
                id(array): array for array in (terms, records, portion.counts, portion.sizes, portion.steps)
            }
            self.bytes += sum(array.nbytes for array in arrays.values())

    def by_term(self) -> "ByTerm":
        """Return what was added, those of each term together, and let go of it."""
        portions, self._portions, self.bytes = self._portions, [], 0
        names = sorted(self._numbers)
        numbers = [self._numbers[name] for name in names]
        standing = np.zeros(len(names), np.int64)
        for portion in portions:
            standing += np.bincount(portion.terms, minlength=len(names))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(standing[numbers])])
        free = np.zeros(len(names), np.int64)
        free[numbers] = starts[:-1]
        return ByTerm(names, _placed(portions, starts, free))


def _placed(portions: list[Portion], starts: Places, free: Places) -> PostingsOfTerms:
    """Return the postings of all portions, those of a term from where it starts on.

    `free` says where the next posting of each term goes: as those of a term stand together in each portion,
    nothing has to be sorted. Portions are let go of on the way.
    """
    size = int(starts[-1])
    numbers, sizes = np.zeros(size, np.uint32), np.zeros(size, np.uint32)
    frequencies = np.zeros(size, np.uint16)
    placed = list[tuple[Numbers, NDArray[np.uint16]]]()
    while portions:
        portion = portions.pop(0)
        firsts = np.flatnonzero(np.diff(portion.terms, prepend=_NO_TERM))
        counts = np.diff(firsts, append=len(portion.terms))
        terms = portion.terms[firsts]
        places = ranges(free[terms], counts)
        free[terms] += counts
        numbers[places] = portion.records
        frequencies[places] = np.minimum(portion.counts, MOST_OFTEN)
        sizes[places] = portion.sizes
        placed.append((places.astype(np.uint32), portion.steps))
    # Places of two bytes, as which no segment has four thousand million.
    ends = np.cumsum(sizes, dtype=np.uint32)
    befores = ends - sizes
    steps = np.zeros(int(sizes.sum(dtype=np.int64)), "<u2")
    for chosen, standing in placed:
        if len(standing):
            steps[ranges(befores[chosen].astype(np.int64), sizes[chosen].astype(np.int64))] = standing
    # Within a term, as they are written.
    ends -= np.repeat(befores[starts[:-1]] if size else befores, np.diff(starts))
    ends *= np.uint32(steps.itemsize)
    return PostingsOfTerms(starts, numbers, frequencies, ends, steps.tobytes())


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


def _by(terms: Numbers | Places) -> tuple[Places, Places]:
    """Return the order of numbers by size, equal ones as they come, and the numbers in it.

    Sorting one array of number and place takes a third of the time of NumPy's stable sorting by number.
    """
    keys = terms.astype(np.int64)
    keys <<= 32
    keys |= np.arange(len(keys))
    keys.sort()
    order = keys & _LOW
    keys >>= 32
    return order, keys


def _named(known: TermNumbers, terms: Places) -> tuple[list[bytes], Numbers]:
    """Return the terms that these rising numbers stand for, and the numbers counted anew from nought on."""
    firsts = np.flatnonzero(np.diff(terms, prepend=np.int64(-1)))
    names = [known.encoded[number] for number in terms[firsts].tolist()]
    counted = np.repeat(np.arange(len(firsts), dtype=np.uint32), np.diff(firsts, append=len(terms)))
    return names, counted
