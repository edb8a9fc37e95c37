"""Writing a segment's postings: gathered in memory as arrays, sorted once, written as they will be read.

Whoosh's own writer pickles every posting into files, sorts those, and hands the postings on one by one; that
is most of what its indexing costs. Here a posting is a few numbers at the end of arrays, and segments are
merged by renumbering whole arrays. What is gathered takes memory, so a rebuild commits every few thousand
threads.
"""

from array import array
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from whoosh.index import FileIndex
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from forum.search.engines.whoosh_codec import MOST_OFTEN, ArrayCodec, ArrayTermsReader, Block, Numbers


class _Postings:
    """Postings of one term; what is added last has the highest number."""

    __slots__ = ("content", "ends", "frequencies", "numbers")

    def __init__(self) -> None:
        self.numbers = array("I")
        self.frequencies = array("H")
        self.ends = array("I")
        self.content = bytearray()

    def extend(self, numbers: Numbers, frequencies: Any, parts: list[bytes]) -> None:
        """Add the postings of another segment."""
        self.numbers.frombytes(numbers.astype(np.uint32).tobytes())
        self.frequencies.frombytes(frequencies.astype(np.uint16).tobytes())
        for part in parts:
            self.content += part
            self.ends.append(len(self.content))


class _Gathered:
    """In the place of Whoosh's pool of postings."""

    def __init__(self) -> None:
        self.fields: defaultdict[str, defaultdict[bytes, _Postings]] = defaultdict(
            lambda: defaultdict(_Postings)
        )

    def add(self, posting: tuple[str, bytes, int, float, bytes]) -> None:
        """Take a posting: field, term, record, frequency and what the format says of it; called by Whoosh."""
        field, term, number, weight, value = posting
        postings = self.fields[field][term]
        postings.numbers.append(number)
        postings.frequencies.append(min(int(weight), MOST_OFTEN))
        if value:
            postings.content += value
            postings.ends.append(len(postings.content))

    def cleanup(self) -> None:
        """Let go of everything; called by Whoosh."""
        self.fields.clear()


class ArraySegmentWriter(SegmentWriter):
    """Whoosh's writer, with postings gathered as arrays."""

    def __init__(self, index: FileIndex) -> None:
        SegmentWriter.__init__(self, index, codec=ArrayCodec())
        self.pool: Any = _Gathered()

    def add_postings_to_pool(self, reader: Any, startdoc: int, docmap: Mapping[int, int] | None) -> None:
        """Take the living postings of a segment whose records are copied already; called by Whoosh."""
        number_of = np.full(reader.doc_count_all(), -1, np.int64)
        if docmap is None:
            number_of = startdoc + np.arange(reader.doc_count_all())
        else:
            number_of[list(docmap)] = list(docmap.values())
        terms: ArrayTermsReader = ArrayCodec().terms_reader(reader.storage(), reader.segment())
        for field, term in terms.terms():
            block = terms.block(field, term)
            if block is not None:
                self._take(field, term, block, number_of)
        terms.close()

    def _take(self, field: str, term: bytes, block: Block, number_of: Any) -> None:
        numbers = number_of[block.numbers]
        alive = np.flatnonzero(numbers >= 0)
        if not len(alive):
            return
        parts = [block.value(place) for place in alive.tolist()] if block.values else []
        self.pool.fields[field][term].extend(numbers[alive], block.frequencies[alive], parts)

    def _flush_segment(self) -> None:
        """Write what was gathered; called by Whoosh."""
        self.perdocwriter.close()
        for field in sorted(self.pool.fields):
            self.fieldwriter.start_field(field, self.schema[field])
            terms = self.pool.fields[field]
            for term in sorted(terms):
                postings = terms.pop(term)
                block = Block(
                    np.frombuffer(postings.numbers, np.uint32),
                    np.frombuffer(postings.frequencies, np.uint16),
                )
                ends = np.frombuffer(postings.ends, np.uint32)
                self.fieldwriter.add_term(term, block, ends=ends, content=bytes(postings.content))
            self.fieldwriter.finish_field()
        self.fieldwriter.close()


def merge(writer: ArraySegmentWriter, segment: Any) -> None:
    """Copy the living records of a segment into the one that is being written."""
    with SegmentReader(writer.storage, writer.schema, segment) as reader:
        writer.add_reader(reader)
