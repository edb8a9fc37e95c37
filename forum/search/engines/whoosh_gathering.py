"""Writing a segment's postings: gathered in memory as arrays, sorted once, written as they will be read.

Whoosh's own writer pickles every posting into files, sorts those, and hands the postings on one by one; that
is most of what its indexing costs. Here a posting is a few numbers at the end of arrays. What is gathered
takes memory, so a rebuild commits every few thousand threads. Segments are merged term by term, by
renumbering whole arrays, so that merging takes the memory of one term at a time.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge as merged_in_order
from itertools import chain, repeat, takewhile
from typing import Any, NamedTuple

import numpy as np
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from forum.search.engines.whoosh_codec import (
    MOST_OFTEN,
    ArrayCodec,
    ArrayTermsReader,
    Block,
    Frequencies,
    Numbers,
    encode_positions,
)


class _Part(NamedTuple):
    """Postings of one term; the part of each in `content` ends at `ends`, if the field has any content."""

    numbers: Numbers
    frequencies: Frequencies
    ends: Numbers
    content: bytes


class _Numbered(dict[str, int]):
    """Terms, each with the number that it gets when it is looked up for the first time."""

    def __init__(self, errors: str) -> None:
        """Encode terms with this handling of `errors`; those that are the same then have one number."""
        super().__init__()
        self._errors = errors
        self.encoded: dict[bytes, int] = {}

    def __missing__(self, term: str) -> int:
        number = self.encoded.setdefault(term.encode("utf-8", self._errors), len(self.encoded))
        self[term] = number
        return number


class _Postings:
    """The postings of one field in the order in which they come; a record's numbers are never smaller.

    One array holds each kind of number: that takes a few calls for each record, and none for each posting.
    """

    def __init__(self, *, errors: str = "strict") -> None:
        self._terms = _Numbered(errors)
        self._places = array("I")
        self._numbers = array("I")
        self._counts = array("I")
        self._positions = array("I")

    def add(self, number: int, terms: Mapping[str, list[int]]) -> int:
        """Take the terms of a record with their positions, and return how many words they are."""
        # First of all, as a term that can't be encoded raises ValueError.
        places = [self._terms[term] for term in terms]
        counts = [len(positions) for positions in terms.values()]
        self._places.extend(places)
        self._numbers.extend(repeat(number, len(places)))
        self._counts.extend(counts)
        self._positions.extend(chain.from_iterable(terms.values()))
        return sum(counts)

    def mark(self, number: int, marks: Iterable[str]) -> None:
        """Take marks that a record has, which have no positions."""
        places = [self._terms[mark] for mark in marks]
        self._places.extend(places)
        self._numbers.extend(repeat(number, len(places)))

    def by_term(self) -> "_ByTerm":
        """Return what was added, put in order once."""
        places = np.frombuffer(self._places, np.uint32)
        numbers = np.frombuffer(self._numbers, np.uint32)
        order = np.argsort(places, kind="stable")
        starts = np.cumsum(np.bincount(places, minlength=len(self._terms.encoded)))
        if not self._counts:
            whole = _Part(numbers[order], np.ones(len(order), np.uint16), np.zeros(0, np.uint32), b"")
            return _ByTerm(self._terms.encoded, [0, *starts.tolist()], whole)
        counts = np.frombuffer(self._counts, np.uint32)
        steps, sizes = encode_positions(np.frombuffer(self._positions, np.uint32), counts)
        befores = (np.cumsum(sizes, dtype=np.int64) - sizes)[order]
        sizes = sizes[order]
        ends = np.cumsum(sizes, dtype=np.int64)
        # Where each step of the ordered postings stands among those that came.
        sources = np.repeat(befores - (ends - sizes), sizes)
        sources += np.arange(len(sources))
        frequencies = np.minimum(counts[order], MOST_OFTEN).astype(np.uint16)
        whole = _Part(
            numbers[order], frequencies, (ends * steps.itemsize).astype(np.uint32), steps[sources].tobytes()
        )
        return _ByTerm(self._terms.encoded, [0, *starts.tolist()], whole)


class _ByTerm:
    """The postings of a field, those of each term together."""

    def __init__(self, places: Mapping[bytes, int], starts: list[int], whole: _Part) -> None:
        self._places = places
        self._starts = starts
        self._whole = whole

    def terms(self) -> list[bytes]:
        """Return the terms in the order of their bytes."""
        return sorted(self._places)

    def part(self, term: bytes) -> _Part | None:
        """Return the postings of a term, or None if there are none."""
        place = self._places.get(term)
        if place is None:
            return None
        first, last = self._starts[place], self._starts[place + 1]
        whole = self._whole
        ends = whole.ends[first:last]
        content = b""
        if whole.content:
            before = int(whole.ends[first - 1]) if first else 0
            content = whole.content[before : int(ends[-1])]
            ends = ends - np.uint32(before)
        return _Part(whole.numbers[first:last], whole.frequencies[first:last], ends, content)


class _Source:
    """A segment that is being merged, whose living records have got new numbers."""

    def __init__(self, reader: Any, number_of: Any) -> None:
        self._terms: ArrayTermsReader = ArrayCodec().terms_reader(reader.storage(), reader.segment())
        self._number_of = number_of

    def fields(self) -> set[str]:
        """Return the fields of which the segment has terms."""
        return set(self._terms.indexed_field_names())

    def terms(self, field: str) -> Iterator[bytes]:
        """Yield the terms of a field in the order of their bytes."""
        found = takewhile(lambda named: named[0] == field, self._terms.terms_from(field, b""))
        return (term for _, term in found)

    def part(self, field: str, term: bytes) -> _Part | None:
        """Return the postings of a term in living records, or None if there are none."""
        block = self._terms.block(field, term)
        if block is None:
            return None
        numbers = self._number_of[block.numbers]
        ends, content = block.values.whole() if block.values else (np.zeros(0, np.uint32), b"")
        part = _Part(numbers.astype(np.uint32), block.frequencies, ends, content)
        places = np.flatnonzero(numbers >= 0)
        if not len(places):
            return None
        return part if len(places) == len(numbers) else _chosen(part, places)

    def close(self) -> None:
        """Close the files of the terms."""
        self._terms.close()


def _chosen(part: _Part, places: Any) -> _Part:
    """Return the postings at these places."""
    content, ends = part.content, part.ends
    if content:
        starts = np.concatenate([np.zeros(1, np.uint32), ends[:-1]])[places]
        pieces = zip(starts.tolist(), ends[places].tolist(), strict=True)
        content = b"".join(part.content[start:end] for start, end in pieces)
        ends = np.cumsum(ends[places] - starts, dtype=np.uint32)
    return _Part(part.numbers[places], part.frequencies[places], ends, content)


def _joined(parts: Sequence[_Part]) -> _Part:
    """Return the postings of all parts, whose numbers rise from one to the next."""
    if len(parts) == 1:
        return parts[0]
    before = np.cumsum([0, *(len(part.content) for part in parts[:-1])], dtype=np.uint32)
    return _Part(
        np.concatenate([part.numbers for part in parts]),
        np.concatenate([part.frequencies for part in parts]),
        np.concatenate([part.ends + start for part, start in zip(parts, before, strict=True)]),
        b"".join(part.content for part in parts),
    )


class _Gathered:
    """In the place of Whoosh's pool of postings."""

    def __init__(self) -> None:
        self.fields: dict[str, _Postings] = {}
        self.sources: list[_Source] = []
        self.readers: list[Any] = []

    def add_terms(self, field: str, number: int, terms: Mapping[str, list[int]]) -> int:
        """Take the terms of a record's field with their positions, and return how many words they are."""
        if field not in self.fields:
            self.fields[field] = _Postings()
        return self.fields[field].add(number, terms)

    def add_marks(self, field: str, number: int, marks: Iterable[str]) -> None:
        """Take the marks that a record has. Halves of surrogate pairs can't be searched for."""
        if field not in self.fields:
            self.fields[field] = _Postings(errors="replace")
        self.fields[field].mark(number, marks)

    def cleanup(self) -> None:
        """Let go of everything; called by Whoosh."""
        self.fields.clear()
        for opened in (*self.sources, *self.readers):
            opened.close()
        self.sources, self.readers = [], []


class ArraySegmentWriter(SegmentWriter):
    """Whoosh's writer, with postings gathered as arrays."""

    def __init__(self, index: FileIndex) -> None:
        SegmentWriter.__init__(self, index, codec=ArrayCodec())
        self.pool: Any = _Gathered()

    def add_document(self, **fields: Any) -> None:
        """Take a record, as Whoosh's writer does for every kind of field; ours are of few kinds."""
        self._check_state()
        self.perdocwriter.start_doc(self.docnum)
        try:
            for name in sorted(fields):
                self._add_field(name, self.schema[name], fields[name])
        except ValueError:
            self.perdocwriter.cancel_doc()
            raise
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1

    def _add_field(self, name: str, field: Any, value: Any) -> None:
        length = 0
        if field.scorable:
            length = self.pool.add_terms(name, self.docnum, value)
        elif field.indexed:
            self.pool.add_marks(name, self.docnum, value)
        self.perdocwriter.add_field(name, field, value if field.stored else None, length)
        if field.column_type:
            self.perdocwriter.add_column_value(name, field.column_type, field.to_column_value(value))

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: Mapping[int, int] | None) -> None:
        """Take the living postings of a segment whose records are copied already; called by Whoosh."""
        number_of = np.full(reader.doc_count_all(), -1, np.int64)
        if docmap is None:
            number_of = startdoc + np.arange(reader.doc_count_all())
        else:
            number_of[list(docmap)] = list(docmap.values())
        self.pool.sources.append(_Source(reader, number_of))

    def _flush_segment(self) -> None:
        """Write what was gathered and what the merged segments hold; called by Whoosh."""
        self.perdocwriter.close()
        sources = self.pool.sources
        fields = set(self.pool.fields).union(*(source.fields() for source in sources))
        for field in sorted(fields.intersection(self.schema.names())):
            self.fieldwriter.start_field(field, self.schema[field])
            gathered = self.pool.fields.pop(field, _Postings()).by_term()
            last = None
            for term in merged_in_order(gathered.terms(), *(source.terms(field) for source in sources)):
                if term != last:
                    self._write_term(field, term, gathered.part(term))
                last = term
            self.fieldwriter.finish_field()
        self.fieldwriter.close()

    def _write_term(self, field: str, term: bytes, gathered: _Part | None) -> None:
        # Records are numbered in this order: those that were added, then those of each segment in turn.
        found = [gathered]
        found += [source.part(field, term) for source in self.pool.sources]
        if parts := [part for part in found if part is not None]:
            whole = _joined(parts)
            block = Block(whole.numbers, whole.frequencies)
            self.fieldwriter.add_term(term, block, ends=whole.ends, content=whole.content)


def merge(writer: ArraySegmentWriter, segment: Any) -> None:
    """Copy the living records of a segment into the one that is being written, at the end of its commit."""
    reader = SegmentReader(writer.storage, writer.schema, segment)
    # It is read from until the commit is done or given up.
    writer.pool.readers.append(reader)
    writer.add_reader(reader)
