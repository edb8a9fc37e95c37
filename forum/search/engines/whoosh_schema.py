"""What the Whoosh index keeps: fields of terms that `forum.search.analysis` made, and columns to sort by.

Whoosh's own analysers are not used. A thread's texts are taken apart once and serve several fields, and the
engine in memory sees the same terms.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from forum.search.engines.whoosh_codec import decode_positions
from forum.search.records import (
    ANSWER,
    CODE,
    QUESTION,
    TEXT,
    TITLE,
    Record,
)
from forum.search.threads import ThreadDocument

VERSION = 6
"""Raise it with every change to the schema, the analysis or what is stored: indexes are then rebuilt."""

READABLE: frozenset[int] = frozenset({3, 4, 5})
"""Older versions whose indexes this program can search and write until the new one is built: those that lack
nothing but what a search can do without. Others are not searched at all."""

THREADS = "thread"
ANSWERS = "answer"
SOLVED = "solved"
ACCEPTED = "accepted"

NUMBERS = (
    "thread_id", "post_id", "ordinal", "score", "answers", "created", "active", "is_solved", "has_accepted",
    "author_id",
)  # fmt: skip
"""The columns of numbers that each record has."""


class CompactPositions(Positions):
    """Positions as two bytes each instead of pickled lists."""

    def decode_positions(self, value: bytes) -> list[int]:
        """Return what was encoded; called by Whoosh."""
        positions: list[int] = decode_positions(value).tolist()
        return positions

    def decode_frequency(self, value: bytes) -> int:
        """Return how many positions were encoded; called by Whoosh."""
        return len(decode_positions(value))


class TextColumn(VarBytesColumn):
    """Whoosh's column of texts, without a fault in how Whoosh 3.54 ends one.

    There the lists of places and lengths are taken before the rows without a text are filled in. Where
    filling needs larger numbers it puts another list in the place of the first, so that the one that is
    written lacks these rows, and all texts of the segment are read from wrong places.
    """

    class Writer(VarBytesColumn.Writer):
        """Fills the rows without a text in before anything is taken."""

        def finish(self, doccount: int) -> None:
            """Write lengths and places; called by Whoosh."""
            self.fill(doccount)
            self._count = doccount
            VarBytesColumn.Writer.finish(self, doccount)


class ArrayColumn(NumericColumn):
    """A column of numbers that is written and read in arrays; the type code is one of the module `struct`."""

    class Writer(NumericColumn.Writer):
        """Writes a segment's part of the column."""

        def __init__(self, dbfile: Any, typecode: str, default: int) -> None:
            NumericColumn.Writer.__init__(self, dbfile, typecode, default)
            self._type = f">{_SIZES[typecode]}"

        def extend(self, first: int, numbers: NDArray[np.int64]) -> None:
            """Write the numbers of records that follow each other, from this one on."""
            others = np.flatnonzero(numbers != self._default)
            if not len(others):
                return
            self.fill(first)
            last = int(others[-1]) + 1
            self._dbfile.write(numbers[:last].astype(self._type).tobytes())
            self._count = first + last

    class Reader(NumericColumn.Reader):
        """Reads a segment's part of the column."""

        def numbers(self) -> NDArray[np.int64]:
            """Return the numbers of all records of the segment."""
            content = self._dbfile.get(self._basepos, self._count * self._fixedlen)
            numbers = np.full(self._doccount, self._default, np.int64)
            numbers[: self._count] = np.frombuffer(content, f">{_SIZES[self._typecode]}")
            return numbers


_SIZES = {"q": "i8", "B": "u1"}
LENGTH_BYTES = ArrayColumn("B")
"""How Whoosh keeps the lengths of fields, rounded so that each takes one byte."""

_POSITIONS = CompactPositions()


class TermsField(FieldType):
    """Terms with their positions, ready made; `ArraySegmentWriter` takes them as they are."""

    scorable = True
    format = _POSITIONS

    def __init__(self) -> None:
        """Leave out the analyser that Whoosh's constructor asks for."""


class MarksField(FieldType):
    """Terms that are there or not: tags, authors, flags, ids."""

    format = Existence()

    def __init__(self) -> None:
        """Leave out the analyser that Whoosh's constructor asks for."""


def schema() -> Schema:
    """Return the schema of an index of this `VERSION`."""
    terms = {name: TermsField() for name in (TEXT, TITLE, QUESTION, ANSWER, CODE)}
    marks = {
        name: MarksField() for name in ("kind", "thread", "tag", "author", "people", "flag", "word", "spelt")
    }
    columns = {name: COLUMN(ArrayColumn("q")) for name in NUMBERS}
    # With the places of all texts written down, opening a column doesn't add up their lengths.
    texts = {
        name: COLUMN(TextColumn(write_offsets_cutoff=0)) for name in ("fingerprint", "heading", "meaning")
    }
    return Schema(**terms, **marks, **columns, **texts, document=STORED())


def microseconds(moment: datetime) -> int:
    """Return the moment as the columns keep times: microseconds since 1970, exactly."""
    return round(moment.timestamp() * 1_000_000)


def texts_of(document: ThreadDocument, direction: bytes) -> dict[str, bytes]:
    """Return what the columns of texts have about a thread; `direction` is that of its meaning."""
    return {
        "fingerprint": document.fingerprint().encode("ascii"),
        "meaning": direction,
        "heading": document.title.encode("utf-8", "replace"),
    }


def marks_of(record: Record) -> dict[str, Iterable[str]]:
    """Return the marks of a record in each field, but for its words, which are gathered with its texts."""
    flags = ((SOLVED, record.has_accepted), (ACCEPTED, record.is_accepted))
    return {
        "kind": (THREADS if record.post_id is None else ANSWERS,),
        "thread": (str(record.thread_id),),
        "tag": record.tags,
        "author": record.author,
        "people": record.people,
        "flag": [name for name, is_set in flags if is_set],
    }


def numbers_of(record: Record) -> tuple[int, ...]:
    """Return the numbers of a record in the order of `NUMBERS`."""
    return (
        record.thread_id,
        record.post_id or 0,
        record.ordinal,
        record.score,
        record.answer_count,
        microseconds(record.created_at),
        microseconds(record.active_at),
        int(record.is_solved),
        int(record.has_accepted),
        record.author_id or 0,
    )
