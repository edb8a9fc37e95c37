"""How the postings of a Whoosh index lie on disk: as arrays that NumPy reads in place.

Whoosh's own codec writes blocks of 128 postings as compressed pickles. Reading the thirty terms of a
question about a site of 200,000 threads then means unpickling thousands of blocks, positions included, which
no ranking looks at. Here a term's postings are one block: all record numbers, all frequencies, and apart from
them the positions. Everything else is Whoosh's codec, and its matchers read these postings like its own.
"""

import struct
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PerDocReader, W3TermInfo, W3TermsReader
from whoosh.matching.mcore import ListMatcher, Matcher

from forum.search.engines.whoosh_mapping import mapped, view

Numbers = NDArray[np.uint32]
Frequencies = NDArray[np.uint16]

MOST_OFTEN = 0xFFFF
"""Higher frequencies are stored as this; a word that stands in a thread so often is noise."""

_STRIDE = 0xFFFF
_HEAD = struct.Struct("<II")
_EVERY_ONCE, _HAS_VALUES = 1, 2
_ONCE = np.uint16(1)


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


class ArrayFieldWriter(W3FieldWriter):
    """Writes the terms of a segment, with their postings as arrays."""

    def add_term(self, term: bytes, block: Block, *, ends: Numbers, content: bytes) -> None:
        """Write a term of the field that was started; terms come in the order of their bytes."""
        start = self._postfile.tell()
        write(self._postfile, block, ends=ends, content=content)
        info: Any = W3TermInfo()
        info.set_extent(start, self._postfile.tell() - start)
        info._df = len(block.numbers)
        weight = int(block.frequencies.sum(dtype=np.int64))
        info._weight = float(weight)
        info._maxweight = 1.0 if weight == len(block.numbers) else float(block.frequencies.max())
        info._minid, info._maxid = int(block.numbers[0]), int(block.numbers[-1])
        self._tindex.add(struct.pack("!H", self._fieldid) + term, info.to_bytes())


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


def write(file: Any, block: Block, *, ends: Numbers, content: bytes) -> None:
    """Write a term's postings; `ends` says where the part of each posting in `content` ends."""
    is_every_once = bool((block.frequencies == 1).all())
    flags = _EVERY_ONCE * is_every_once + _HAS_VALUES * bool(content)
    # Written at once, as most terms have few postings and most of the time would go into writing.
    parts = [_HEAD.pack(flags, len(block.numbers)), block.numbers.astype("<u4", copy=False).tobytes()]
    if content:
        parts.append(ends.astype("<u4", copy=False).tobytes())
    if not is_every_once:
        parts.append(block.frequencies.astype("<u2", copy=False).tobytes())
    file.write(b"".join([*parts, content]))


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
