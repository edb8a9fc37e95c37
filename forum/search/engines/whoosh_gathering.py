"""Writing a segment's postings: gathered in memory as arrays, sorted once, written as they will be read.

Whoosh's own writer pickles every posting into files, sorts those, and hands the postings on one by one; that
is most of what its indexing costs. Here a posting is a few numbers at the end of arrays. What is gathered
takes memory, so a rebuild commits every few thousand threads. Segments are merged term by term, by
renumbering whole arrays, so that merging takes the memory of one term at a time.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge as merged_in_order
from itertools import takewhile
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


class _Postings:
    """Postings of one term; what is added last has the highest number."""

    __slots__ = ("content", "ends", "frequencies", "numbers")

    def __init__(self) -> None:
        self.numbers = array("I")
        self.frequencies = array("H")
        self.ends = array("I")
        self.content = bytearray()

    def part(self) -> _Part:
        """Return what was added."""
        return _Part(
            np.frombuffer(self.numbers, np.uint32),
            np.frombuffer(self.frequencies, np.uint16),
            np.frombuffer(self.ends, np.uint32),
            bytes(self.content),
        )


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
        self.fields: defaultdict[str, defaultdict[bytes, _Postings]] = defaultdict(
            lambda: defaultdict(_Postings)
        )
        self.sources: list[_Source] = []
        self.readers: list[Any] = []

    def add_terms(self, field: str, number: int, terms: Mapping[str, list[int]]) -> int:
        """Take the terms of a record's field with their positions, and return how many words they are."""
        gathered = self.fields[field]
        length = 0
        for term, positions in terms.items():
            postings = gathered[term.encode()]
            postings.numbers.append(number)
            postings.frequencies.append(min(len(positions), MOST_OFTEN))
            postings.content += encode_positions(positions)
            postings.ends.append(len(postings.content))
            length += len(positions)
        return length

    def add_marks(self, field: str, number: int, marks: Iterable[str]) -> None:
        """Take the marks that a record has. Halves of surrogate pairs can't be searched for."""
        gathered = self.fields[field]
        for mark in marks:
            postings = gathered[mark.encode("utf-8", "replace")]
            postings.numbers.append(number)
            postings.frequencies.append(1)

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
            gathered = self.pool.fields.pop(field, {})
            last = None
            for term in merged_in_order(sorted(gathered), *(source.terms(field) for source in sources)):
                if term != last:
                    self._write_term(field, term, gathered.pop(term, None))
                last = term
            self.fieldwriter.finish_field()
        self.fieldwriter.close()

    def _write_term(self, field: str, term: bytes, gathered: _Postings | None) -> None:
        # Records are numbered in this order: those that were added, then those of each segment in turn.
        found = [gathered.part() if gathered else None]
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
