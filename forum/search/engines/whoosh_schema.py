"""What the Whoosh index keeps: fields of terms that `forum.search.analysis` made, and columns to sort by.

Whoosh's own analysers are not used. A thread's texts are taken apart once and serve several fields, and the
engine in memory sees the same terms.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from forum.search import stored
from forum.search.analysis import Analyses
from forum.search.engines.whoosh_codec import decode_positions
from forum.search.records import (
    ANSWER,
    CODE,
    QUESTION,
    TEXT,
    TITLE,
    Record,
    records_of,
    vocabulary_of,
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
    """A column of numbers that is read as a whole; the type code is one of the module `struct`."""

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


def rows_of(document: ThreadDocument, analyses: Analyses, direction: bytes) -> Iterator[dict[str, Any]]:
    """Yield what Whoosh's `add_document` is given for a thread and then for each of its answers.

    The thread's row also has the words of its title, to suggest them, all its words, to correct by them, and
    the document itself; `direction` is that of its meaning.
    """
    thread, *answers = records_of(document, analyses)
    words = frozenset(written.forms.exact for written in analyses.prose.written_forms(document.title))
    fingerprint = document.fingerprint().encode("ascii")
    yield _row(thread) | {
        "word": words,
        "spelt": vocabulary_of(document, analyses.prose),
        "fingerprint": fingerprint,
        "meaning": direction,
        "heading": document.title.encode("utf-8", "replace"),
        "document": stored.pack(document),
    }
    yield from map(_row, answers)


def _row(record: Record) -> dict[str, Any]:
    flags = [
        name for name, is_set in ((SOLVED, record.has_accepted), (ACCEPTED, record.is_accepted)) if is_set
    ]
    return {
        **record.fields,
        "kind": (THREADS if record.post_id is None else ANSWERS,),
        "thread": (str(record.thread_id),),
        "tag": record.tags,
        "author": record.author,
        "people": record.people,
        "flag": flags,
        "thread_id": record.thread_id,
        "post_id": record.post_id or 0,
        "ordinal": record.ordinal,
        "score": record.score,
        "answers": record.answer_count,
        "created": microseconds(record.created_at),
        "active": microseconds(record.active_at),
        "is_solved": int(record.is_solved),
        "has_accepted": int(record.has_accepted),
        "author_id": record.author_id or 0,
    }
