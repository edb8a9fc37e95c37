"""Writing a segment's postings: gathered in memory as arrays, sorted once, written as they will be read.

Whoosh's own writer pickles every posting into files, sorts those, and hands the postings on one by one; that
is most of what its indexing costs. Here a posting is a few numbers at the end of arrays. What is gathered
takes memory, so a rebuild commits every few thousand threads. Segments are merged term by term, by
renumbering whole arrays, so that merging takes the memory of one term at a time.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from heapq import merge as merged_in_order
from itertools import takewhile
from typing import Any

import numpy as np
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from forum.search.engines.whoosh_batches import PreparedThreads
from forum.search.engines.whoosh_codec import ArrayCodec, ArrayTermsReader
from forum.search.engines.whoosh_postings import ByTerm, Part, Postings, joined
from forum.search.engines.whoosh_schema import LENGTH_BYTES, NUMBERS

_TERMS_AT_ONCE = 1_000
"""Terms of which the postings are written together when segments are merged."""


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

    def part(self, field: str, term: bytes) -> Part | None:
        """Return the postings of a term in living records, or None if there are none."""
        block = self._terms.block(field, term)
        if block is None:
            return None
        numbers = self._number_of[block.numbers]
        ends, content = block.values.whole() if block.values else (np.zeros(0, np.uint32), b"")
        part = Part(numbers.astype(np.uint32), block.frequencies, ends, content)
        places = np.flatnonzero(numbers >= 0)
        if not len(places):
            return None
        return part if len(places) == len(numbers) else _chosen(part, places)

    def close(self) -> None:
        """Close the files of the terms."""
        self._terms.close()


def _chosen(part: Part, places: Any) -> Part:
    """Return the postings at these places."""
    content, ends = part.content, part.ends
    if content:
        starts = np.concatenate([np.zeros(1, np.uint32), ends[:-1]])[places]
        pieces = zip(starts.tolist(), ends[places].tolist(), strict=True)
        content = b"".join(part.content[start:end] for start, end in pieces)
        ends = np.cumsum(ends[places] - starts, dtype=np.uint32)
    return Part(part.numbers[places], part.frequencies[places], ends, content)


class _Gathered:
    """In the place of Whoosh's pool of postings."""

    def __init__(self) -> None:
        self.fields: defaultdict[str, Postings] = defaultdict(Postings)
        self.sources: list[_Source] = []
        self.readers: list[Any] = []

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

    def add_threads(self, threads: PreparedThreads) -> None:
        """Take threads that were made ready."""
        self._check_state()
        first, documents = self.docnum, self.perdocwriter
        for name, portion in threads.postings.items():
            self.pool.fields[name].add(portion, first)
        for name, counts in threads.lengths.items():
            documents.add_lengths(name, LENGTH_BYTES, first, counts)
        for name, numbers in zip(NUMBERS, threads.numbers.T, strict=False):
            documents.extend(name, self.schema[name].column_type, first, numbers)
        for head, texts, document in zip(threads.heads, threads.texts, threads.stored, strict=True):
            for name, text in texts.items():
                documents.add_text(name, self.schema[name].column_type, first + head, text)
            documents.store(first + head, {"document": document})
        documents.count_records(len(threads.numbers))
        self.docnum += len(threads.numbers)
        self._added = True

    def gathered_bytes(self) -> int:
        """Return what the postings take that were gathered and not written yet."""
        return sum(postings.bytes for postings in self.pool.fields.values())

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
            gathered = self.pool.fields.pop(field, Postings()).by_term()
            self.fieldwriter.start_field(field, self.schema[field])
            if sources:
                self._write_merged(field, gathered)
            elif gathered.names:
                self.fieldwriter.add_terms(gathered.names, gathered.whole)
            self.fieldwriter.finish_field()
        self.fieldwriter.close()

    def _write_merged(self, field: str, gathered: ByTerm) -> None:
        sources = self.pool.sources
        names, found, last = list[bytes](), list[list[Part]](), None
        for term in merged_in_order(gathered.names, *(source.terms(field) for source in sources)):
            if term != last:
                # Records are numbered in this order: those that were added, then those of each segment.
                parts = [gathered.part(term), *(source.part(field, term) for source in sources)]
                if standing := [part for part in parts if part is not None]:
                    names.append(term)
                    found.append(standing)
            last = term
            if len(names) == _TERMS_AT_ONCE:
                self.fieldwriter.add_terms(names, joined(found))
                names, found = [], []
        if names:
            self.fieldwriter.add_terms(names, joined(found))


def merge(writer: ArraySegmentWriter, segment: Any) -> None:
    """Copy the living records of a segment into the one that is being written, at the end of its commit."""
    reader = SegmentReader(writer.storage, writer.schema, segment)
    # It is read from until the commit is done or given up.
    writer.pool.readers.append(reader)
    writer.add_reader(reader)
