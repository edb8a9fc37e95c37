"""How the postings of a Whoosh index lie on disk: as arrays that NumPy reads in place.

Whoosh's own codec writes blocks of 128 postings as compressed pickles. Reading the thirty terms of a
question about a site of 200,000 threads then means unpickling thousands of blocks, positions included, which
no ranking looks at. Here a term's postings are one block: all record numbers, all frequencies, and apart from
them the positions. Everything else is Whoosh's codec, and its matchers read these postings like its own.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import (
    W3Codec,
    W3FieldWriter,
    W3PerDocReader,
    W3PerDocWriter,
    W3TermInfo,
    W3TermsReader,
)
from whoosh.columns import CompressedBytesColumn, PickleColumn
from whoosh.matching.mcore import ListMatcher, Matcher
from whoosh.util.numeric import byte_to_length

from forum.search.engines.whoosh_mapping import mapped, view

Numbers = NDArray[np.uint32]
Frequencies = NDArray[np.uint16]

MOST_OFTEN = 0xFFFF
"""Higher frequencies are stored as this; a word that stands in a thread so often is noise."""

_STRIDE = 0xFFFF
_HEAD = struct.Struct("<II")
_EVERY_ONCE, _HAS_VALUES = 1, 2
_ONCE = np.uint16(1)
_PARTS_AT_ONCE = 20_000
_KEY_HEAD = struct.Struct("!ii")
_TOLD = np.dtype(
    [
        ("is_inlined", "u1"), ("weight", ">f4"), ("count", ">u4"), ("shortest", "u1"), ("longest", "u1"),
        ("most", ">f4"), ("first", ">u4"), ("last", ">u4"), ("offset", ">i8"), ("length", ">i4"),
    ]
)  # fmt: skip
"""What `W3TermInfo.to_bytes` gives of a term."""
_STORED = PickleColumn(CompressedBytesColumn(level=0))
_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)])


class Block(NamedTuple):
    """A term's postings: numbers of records in rising order, and how often the term stands in each."""

    numbers: Numbers
    frequencies: Frequencies
    values: "_Values | None" = None

    def value(self, place: int) -> bytes:
        """Return what the field's format wrote about the posting at this place."""
        return b"" if self.values is None else self.values[place]

    def positions(self) -> tuple[Numbers, NDArray[np.int64]]:
        """Return every position of the term in two arrays: the record it is in, and where it is there."""
        if self.values is None:
            return np.zeros(0, np.uint32), np.zeros(0, np.int64)
        ends, content = self.values.whole()
        owners, positions = _decoded(content, np.diff(ends, prepend=np.uint32(0)))
        return self.numbers[owners], positions

    def positions_at(self, places: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all positions in the postings at these places, and before them which place each is of."""
        if self.values is None:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        content = [self.values[place] for place in places.tolist()]
        return _decoded(b"".join(content), np.array([len(part) for part in content], np.int64))


class _Values:
    """What the format wrote about each posting; read from the file when it is asked for, as few ever are."""

    def __init__(self, file: Any, *, count: int, ends_at: int, content_at: int) -> None:
        self._file = file
        self._count = count
        self._ends_at = ends_at
        self._content_at = content_at

    @cached_property
    def _ends(self) -> Numbers:
        return np.frombuffer(view(self._file, self._ends_at, 4 * self._count), "<u4")

    def whole(self) -> tuple[Numbers, bytes]:
        """Return where each posting's part ends, and all parts one after the other."""
        return self._ends, self._file.get(self._content_at, int(self._ends[-1]))

    def __getitem__(self, place: int) -> bytes:
        start = int(self._ends[place - 1]) if place else 0
        content: bytes = self._file.get(self._content_at + start, int(self._ends[place]) - start)
        return content


class ArrayCodec(W3Codec):
    """Whoosh's codec with postings as arrays. Its name is in every segment: renaming it outdates indexes."""

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Matcher:
        """Return a term's postings as a matcher of Whoosh; called by Whoosh, to merge and to delete."""
        block = _read(dbfile, terminfo)
        values = [block.value(place) for place in range(len(block.numbers))]
        weights = block.frequencies.astype(float).tolist()
        return ListMatcher(
            block.numbers.tolist(), weights, values, format_, scorer=scorer, term=term, terminfo=terminfo
        )

    def per_document_writer(self, storage: Any, segment: Any) -> "ArrayDocumentWriter":
        """Return what writes the documents and columns of a segment."""
        return ArrayDocumentWriter(self, storage, segment)

    def field_writer(self, storage: Any, segment: Any) -> "ArrayFieldWriter":
        """Return what writes the terms of a segment."""
        return ArrayFieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> "ArrayTermsReader":
        """Return what reads the terms of a segment."""
        storage = mapped(storage)
        name = segment.make_filename(self.TERMS_EXT)
        length = storage.file_length(name)
        return ArrayTermsReader(
            self, storage.open_file(name), length, segment.open_file(storage, self.POSTS_EXT)
        )

    def per_document_reader(self, storage: Any, segment: Any) -> W3PerDocReader:
        """Return what reads the documents and columns of a segment."""
        return W3PerDocReader(mapped(storage), segment)


class ArrayDocumentWriter(W3PerDocWriter):
    """Writes the documents and columns of a segment."""

    def _create_column(self, fieldname: str, column: Any) -> None:
        # Documents come compressed, and doing that again takes longer than the first time.
        create: Any = super()._create_column
        create(fieldname, _STORED if fieldname == "_stored" else column)

    def extend(self, name: str, column: Any, first: int, numbers: NDArray[np.int64]) -> None:
        """Write the numbers that records from the `first` on have in a column."""
        if not self._has_column(name):
            self._create_column(name, column)
        self._get_column(name).extend(first, numbers)

    def add_text(self, name: str, column: Any, number: int, value: Any) -> None:
        """Write what a record has in a column of another kind."""
        self._docnum = number
        self.add_column_value(name, column, value)

    def store(self, number: int, fields: Mapping[str, Any]) -> None:
        """Keep what is stored of a record."""
        self.add_text("_stored", _STORED, number, fields)

    def add_lengths(self, name: str, column: Any, first: int, lengths: NDArray[np.int64]) -> None:
        """Write how many terms records from the `first` on have in a field, rounded as Whoosh does."""
        if total := int(lengths.sum()):
            # Nought is rounded to nought, which is what records have that don't have the field.
            rounded = np.searchsorted(_LENGTHS, lengths, side="left").clip(0, len(_LENGTHS) - 1)
            self.extend(f"_{name}_len", column, first, rounded)
            self._fieldlengths[name] += total

    def count_records(self, count: int) -> None:
        """Note that so many records were written."""
        self._doccount += count


class ArrayFieldWriter(W3FieldWriter):
    """Writes the terms of a segment, with their postings as arrays."""

    def add_terms(self, names: Sequence[bytes], postings: "PostingsOfTerms") -> None:
        """Write terms of the field that was started; all come in the order of their bytes."""
        entries = postings.entries(self._postfile.tell())
        for portion in postings.portions():
            self._postfile.write(portion)
        index, field = self._tindex, struct.pack("!H", self._fieldid)
        place = index.tell()
        written = list[bytes]()
        # What Whoosh's table does for each by itself, but for asking the file where it is.
        for name, entry in zip(names, entries, strict=True):
            key = field + name
            written += (_KEY_HEAD.pack(len(key), len(entry)), key, entry)
            hashed = index.hashfn(key)
            index.buckets[hashed & 0xFF].append((hashed, place))
            index.index.append(place)
            place += _KEY_HEAD.size + len(key) + len(entry)
            index.lastkey = key
        index.dbfile.write(b"".join(written))


class ArrayTermsReader(W3TermsReader):
    """The terms of a segment, with their postings as arrays."""

    def block(self, field: str, term: bytes) -> Block | None:
        """Return the postings of a term, or None if the segment doesn't have it."""
        info = self._told_of(field, term)
        return _read(self._postfile, info) if info else None

    def frequency_of(self, field: str, term: bytes) -> int:
        """Return how many records of the segment hold the term, removed ones included."""
        info = self._told_of(field, term)
        return int(info.doc_frequency()) if info else 0

    def _told_of(self, field: str, term: bytes) -> Any:
        """Return what the dictionary says of a term, looked up once, or None."""
        packed = self._tindex.get(self._keycoder(field, term))
        return None if packed is None else W3TermInfo.from_bytes(packed)


class PostingsOfTerms(NamedTuple):
    """The postings of terms in the order in which they are written, one or more of each term."""

    starts: NDArray[np.int64]
    """Where the postings of each term start, and where the last one's end."""
    numbers: Numbers
    frequencies: Frequencies
    ends: Numbers
    """Where the part of each posting in the content of its term ends, if there is any content."""
    content: bytes

    def content_starts(self) -> NDArray[np.int64]:
        """Return where the content of each term starts, and where the last one's ends."""
        sizes = self.ends[self.starts[1:] - 1] if self.content else np.zeros(len(self.starts) - 1, np.uint32)
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])

    def _are_every_once(self) -> NDArray[np.bool_]:
        are_once: NDArray[np.bool_] = np.maximum.reduceat(self.frequencies, self.starts[:-1]) == 1
        return are_once

    def portions(self) -> Iterator[bytes]:
        """Yield what a file of postings has of all terms, some terms at a time."""
        are_once = self._are_every_once()
        flags = _EVERY_ONCE * are_once + _HAS_VALUES * bool(self.content)
        heads = np.stack([flags, np.diff(self.starts)], axis=1).astype("<u4").tobytes()
        numbers, ends = _bytes_of(self.numbers, "<u4"), _bytes_of(self.ends, "<u4")
        frequencies = _bytes_of(self.frequencies, "<u2")
        places = zip(
            are_once.tolist(),
            pairwise(self.starts.tolist()),
            pairwise(self.content_starts().tolist()),
            strict=True,
        )
        parts = list[bytes | memoryview]()
        for term, (is_once, (first, last), (start, end)) in enumerate(places):
            parts += (heads[8 * term : 8 * term + 8], numbers[4 * first : 4 * last])
            if end > start:
                parts.append(ends[4 * first : 4 * last])
            if not is_once:
                parts.append(frequencies[2 * first : 2 * last])
            parts.append(self.content[start:end])
            if len(parts) > _PARTS_AT_ONCE:
                yield b"".join(parts)
                parts.clear()
        yield b"".join(parts)

    def entries(self, position: int) -> list[bytes]:
        """Return what Whoosh's dictionary says of each term when all are written from this position on."""
        firsts, lasts = self.starts[:-1], self.starts[1:]
        counts = np.diff(self.starts)
        are_once = self._are_every_once()
        per_posting = 4 + 4 * bool(self.content) + 2 * ~are_once
        lengths = _HEAD.size + counts * per_posting + np.diff(self.content_starts())
        told = np.zeros(len(counts), _TOLD)
        told["weight"] = np.add.reduceat(self.frequencies, firsts, dtype=np.int64)
        told["count"] = counts
        told["most"] = np.maximum.reduceat(self.frequencies, firsts)
        told["first"], told["last"] = self.numbers[firsts], self.numbers[lasts - 1]
        told["offset"] = position + np.cumsum(lengths) - lengths
        told["length"] = lengths
        content = told.tobytes()
        return [content[at : at + _TOLD.itemsize] for at in range(0, len(content), _TOLD.itemsize)]


def _bytes_of(numbers: NDArray[Any], kind: str) -> memoryview:
    """Return numbers as they are written, copied only where they are something else in memory."""
    written: memoryview = np.ascontiguousarray(numbers, kind).view(np.uint8).data
    return written


def _read(file: Any, terminfo: Any) -> Block:
    start, _length = terminfo.extent()
    flags, count = np.frombuffer(file.get(start, 8), "<u4").tolist()
    at = start + 8
    numbers = np.frombuffer(view(file, at, 4 * count), "<u4")
    at += 4 * count
    ends_at = at
    at += 4 * count if flags & _HAS_VALUES else 0
    if flags & _EVERY_ONCE:
        frequencies = np.broadcast_to(_ONCE, count)
    else:
        frequencies = np.frombuffer(view(file, at, 2 * count), "<u2")
        at += 2 * count
    values = _Values(file, count=count, ends_at=ends_at, content_at=at) if flags & _HAS_VALUES else None
    return Block(numbers, frequencies, values)


def encode_positions(positions: Numbers, counts: Numbers) -> tuple[NDArray[np.uint16], Numbers]:
    """Return the positions of postings, one posting after the other, as steps of two bytes each.

    `counts` says how many positions each posting has, one at the least; they rise within it. Behind the steps
    comes how many of them each posting has. A step is a difference, and larger ones take several steps.
    """
    ends = np.cumsum(counts, dtype=np.uint32)
    firsts = ends - counts
    differences = np.diff(positions, prepend=np.uint32(0))
    differences[firsts] = positions[firsts]
    if differences.max(initial=0) < _STRIDE:
        return differences.astype("<u2"), counts
    strides, rests = np.divmod(differences, np.uint32(_STRIDE))
    widths = strides + np.uint32(1)
    last = np.cumsum(widths, dtype=np.int64) - 1
    steps = np.full(int(last[-1]) + 1, _STRIDE, "<u2")
    steps[last] = rests
    return steps, np.add.reduceat(widths, firsts, dtype=np.uint32)


def decode_positions(value: bytes) -> NDArray[np.int64]:
    """Return the positions of one posting, of which `encode_positions` made these bytes."""
    return _decoded(value, np.array([len(value)]))[1]


def _decoded(content: bytes, sizes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all positions of several postings, and before each of them the place of its posting.

    `content` is what `encode_positions` gave, one after the other, and `sizes` says how many bytes of it
    belong to each.
    """
    steps = np.frombuffer(content, "<u2")
    counts = sizes // 2
    passed = np.cumsum(steps, dtype=np.int64)
    before = np.concatenate([[0], passed])[np.cumsum(counts) - counts]
    is_position = steps != _STRIDE
    owners = np.repeat(np.arange(len(sizes)), counts)
    return owners[is_position], (passed - before[owners])[is_position]
