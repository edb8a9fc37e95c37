"""The segments of an index as arrays, shared by all threads of a process.

A segment never changes, but for which of its records are alive. So what was read of it stays good for as long
as a commit names it, and a commit makes nothing to be read again but the segments that it wrote.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice, takewhile
from threading import Lock, RLock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from forum.search import stored
from forum.search.engines.whoosh_codec import ArrayCodec, Block
from forum.search.engines.whoosh_mapping import let_go
from forum.search.engines.whoosh_schema import LENGTH_BYTES, NUMBERS
from forum.search.threads import Texts, ThreadDocument

POSTINGS_BYTES = 8 * 1024 * 1024
"""Memory for postings in each process: where those of 8,000 terms are mapped. Finding one again takes some
twenty microseconds."""
_KEY_BYTES, _BLOCK_BYTES = 250, 1_000
"""What Python takes for a term that is looked for, and for one that is found, measured with `tracemalloc`."""

FREQUENCIES_KEPT = 200_000
"""Terms of which a process remembers in how many records they are: about 30 MB."""

_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)

Mask: TypeAlias = NDArray[np.bool_]


class PostingsCache:
    """What was read last, up to a size in bytes; safe from several threads."""

    def __init__(self, most_bytes: int = POSTINGS_BYTES) -> None:
        self._blocks: OrderedDict[tuple[str, str, str], Block | None] = OrderedDict()
        self._lock = Lock()
        self._most_bytes = most_bytes
        self.bytes = 0

    def get(self, key: tuple[str, str, str]) -> tuple[bool, Block | None]:
        """Return whether the postings under this key are known, and what they are."""
        with self._lock:
            if key not in self._blocks:
                return False, None
            self._blocks.move_to_end(key)
            return True, self._blocks[key]

    def put(self, key: tuple[str, str, str], block: Block | None) -> None:
        """Keep these postings, and drop those that nobody asked for the longest."""
        with self._lock:
            if key in self._blocks:
                return
            self._blocks[key] = block
            self.bytes += _size(block)
            while self.bytes > self._most_bytes and len(self._blocks) > 1:
                self.bytes -= _size(self._blocks.popitem(last=False)[1])

    def forget(self, segments: set[str]) -> None:
        """Drop what belongs to these segments."""
        with self._lock:
            for key in [key for key in self._blocks if key[0] in segments]:
                self.bytes -= _size(self._blocks.pop(key))


def _size(block: Block | None) -> int:
    if block is None:
        return _KEY_BYTES
    return _BLOCK_BYTES + _own_bytes(block.numbers) + _own_bytes(block.frequencies)


def _own_bytes(numbers: NDArray[Any]) -> int:
    """Return what the numbers take: nothing where they are mapped, or all one number that is kept once."""
    shown: Any = numbers.base
    return 0 if isinstance(shown, memoryview) or numbers.strides == (0,) else numbers.nbytes


class Segment:
    """One segment; `columns` hold a number for each of its records."""

    def __init__(self, reader: Any, cache: PostingsCache) -> None:
        """Read the columns of the segment that a reader of Whoosh has opened; `close` closes the reader."""
        self._reader = reader
        self._cache = cache
        # Whoosh's files keep a place that is read from next, so threads take turns.
        self._lock = RLock()
        self._frequencies: dict[tuple[str, str], int] = {}
        self.id: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        codec = ArrayCodec()
        self._terms = codec.terms_reader(reader.storage(), reader.segment())
        self._records = codec.per_document_reader(reader.storage(), reader.segment())
        # Removing every record of a segment leaves one without records, which has no columns either.
        self.columns: Mapping[str, NDArray[np.int64]] = {
            name: reader.column_reader(name, translate=False).numbers()
            if self.size
            else np.zeros(0, np.int64)
            for name in NUMBERS
        }
        self._lengths: dict[str, NDArray[np.float64]] = {}
        self._text_readers: dict[str, Any] = {}

    @cached_property
    def is_thread(self) -> Mask:
        """Which records are threads; the others are answers."""
        is_thread: Mask = self.columns["post_id"] == 0
        return is_thread

    @cached_property
    def _tags(self) -> tuple[NDArray[np.int64], NDArray[np.uint32], tuple[str, ...]]:
        """The tags of all records one after the other, as numbers; before them, where each has its first."""
        names = tuple(self.terms("tag", ""))
        blocks = [block for name in names if (block := self.postings("tag", name))]
        numbers = np.concatenate([np.zeros(0, np.uint32), *(block.numbers for block in blocks)])
        sizes = [len(block.numbers) for block in blocks]
        tags = np.repeat(np.arange(len(blocks), dtype=np.uint32), sizes)
        starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=self.size))])
        return starts, tags[np.argsort(numbers, kind="stable")], names

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The tags that any record has, in the order of their numbers."""
        return self._tags[2]

    def count_tags(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return how many of the records have each of `tag_names`."""
        starts, tags, names = self._tags
        before = starts[numbers]
        sizes = starts[numbers + 1] - before
        # The places of the tags of the first record, then of the second, and so on.
        places = np.repeat(before - (np.cumsum(sizes) - sizes), sizes)
        places += np.arange(len(places))
        return np.bincount(tags[places], minlength=len(names))

    def postings(self, field: str, term: str) -> Block | None:
        """Return where a term stands, or None if it is in no record of this segment."""
        key = (self.id, field, term)
        is_known, block = self._cache.get(key)
        if not is_known:
            with self._lock:
                block = self._terms.block(field, term.encode("utf-8", "replace"))
            self._cache.put(key, block)
        return block

    def frequency(self, field: str, term: str) -> int:
        """Return how many records hold the term, removed ones included."""
        key = (field, term)
        known = self._frequencies.get(key)
        if known is None:
            with self._lock:
                known = self._terms.frequency_of(field, term.encode("utf-8", "replace"))
                if len(self._frequencies) >= FREQUENCIES_KEPT:
                    self._frequencies.clear()
                self._frequencies[key] = known
        return known

    def frequencies(self, field: str, term: str, numbers: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return how often a term stands in a field of the records with these numbers."""
        block = self.postings(field, term)
        if block is None:
            return np.zeros(len(numbers), np.int64)
        # Numbers of one type: of another, all of the postings would be converted first.
        places = np.minimum(np.searchsorted(block.numbers, numbers), len(block.numbers) - 1)
        return np.where(block.numbers[places] == numbers, block.frequencies[places], np.int64(0))

    def positions(self, block: Block) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Return every position of a term: the record it is in, and where it is there."""
        with self._lock:
            return block.positions()

    def terms(self, field: str, beginning: str, *, most: int | None = None) -> list[str]:
        """Return the terms of a field that begin so, in the order of their bytes, up to `most`."""
        prefix = beginning.encode("utf-8", "replace")
        if field not in self._fields:
            return []
        with self._lock:
            following = self._terms.terms_from(field, prefix)
            matching = takewhile(lambda found: found[0] == field and found[1].startswith(prefix), following)
            return [term.decode("utf-8", "replace") for _, term in islice(matching, most)]

    @cached_property
    def _fields(self) -> frozenset[str]:
        return frozenset(self._terms.indexed_field_names())

    def lengths(self, field: str) -> NDArray[np.float64]:
        """Return how many terms each record has in this field, rounded as Whoosh does."""
        if field not in self._lengths:
            name = f"_{field}_len"
            with self._lock:
                if self._records.has_column(name):
                    lengths = _LENGTHS[self._records.column_reader(name, LENGTH_BYTES).numbers()]
                else:
                    lengths = np.zeros(self.size)
            self._lengths[field] = lengths
        return self._lengths[field]

    def field_length(self, field: str) -> int:
        """Return how many terms all records have in this field."""
        return int(self._records.field_length(field))

    def document(self, number: int) -> ThreadDocument:
        """Return the document of the thread that the record is, or is an answer of."""
        return stored.unpack(self._packed(number))

    def texts(self, number: int) -> Texts:
        """Return the texts of this document, which are read when they are asked for."""
        return stored.texts(self._packed(number))

    def _packed(self, number: int) -> bytes:
        with self._lock:
            packed: bytes = self._records.stored_fields(self.thread_of(number))["document"]
        return packed

    def thread_of(self, number: int) -> int:
        """Return the number of the thread that the record is, or is an answer of."""
        return number - int(self.columns["ordinal"][number])

    def _texts(self, column: str) -> Any:
        """Return what reads a column of texts; opening it reads where all of them lie."""
        if column not in self._text_readers:
            self._text_readers[column] = self._reader.column_reader(column, translate=False)
        return self._text_readers[column]

    def titles(self, threads: Sequence[int]) -> list[str]:
        """Return the titles of the threads with these numbers."""
        with self._lock:
            headings = self._texts("heading")
            return [bytes(headings[number]).decode("utf-8") for number in threads]

    def meanings(self, threads: Sequence[int]) -> list[bytes]:
        """Return the packed directions of the titles of the threads with these numbers."""
        with self._lock:
            packed = self._texts("meaning")
            return [bytes(packed[number]) for number in threads]

    def positions_at(
        self, block: Block, places: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all positions in the postings at these places, and before them which place each is of."""
        with self._lock:
            return block.positions_at(places)

    def fingerprints(self) -> Iterator[tuple[int, str]]:
        """Yield number and fingerprint of every thread, removed ones included."""
        with self._lock:
            marks = self._reader.column_reader("fingerprint", translate=False)
            for number in np.flatnonzero(self.is_thread).tolist():
                yield number, bytes(marks[number]).decode("ascii")

    def let_go(self) -> None:
        """Give back the memory of the pages that were read; what was read as arrays stays."""
        with self._lock:
            let_go(self._reader.storage())

    def close(self) -> None:
        """Close the files; what was read as arrays stays usable."""
        with self._lock:
            self._terms.close()
            self._records.close()
            self._reader.close()
