"""What the Whoosh index keeps: fields of terms that `forum.search.analysis` made, and columns to sort by.

Whoosh's own analysers are not used. A thread's texts are taken apart once and serve several fields, and the
engine in memory sees the same terms.
"""

from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from forum.search import stored
from forum.search.analysis import Analyses
from forum.search.engine import ThreadDocument
from forum.search.records import ANSWER, CODE, QUESTION, TEXT, TITLE, Record, records_of

VERSION = 1
"""Raise it with every change to the schema, the analysis or what is stored: indexes are then rebuilt."""

THREADS = "thread"
ANSWERS = "answer"
SOLVED = "solved"
ACCEPTED = "accepted"

_POSITIONS = Positions()

Postings: TypeAlias = Generator[tuple[bytes, int, float, bytes], Any, None]


class TermsField(FieldType):
    """Terms with their positions, ready made."""

    scorable = True
    format = _POSITIONS

    def __init__(self) -> None:
        """Leave out the analyser that Whoosh's constructor asks for."""

    def index(self, value: Mapping[str, list[int]], **_: Any) -> Postings:
        """Yield each term as Whoosh wants it: bytes, frequency, weight, encoded positions."""
        for term, positions in value.items():
            yield term.encode(), len(positions), float(len(positions)), _POSITIONS.encode(positions)


class MarksField(FieldType):
    """Terms that are there or not: tags, authors, flags, ids."""

    format = Existence()

    def __init__(self) -> None:
        """Leave out the analyser that Whoosh's constructor asks for."""

    def index(self, value: Iterable[str], **_: Any) -> Postings:
        """Yield each mark as Whoosh wants it. Halves of surrogate pairs can't be searched for."""
        for mark in value:
            yield mark.encode("utf-8", "replace"), 1, 1.0, b""


def schema() -> Schema:
    """Return the schema of an index of this `VERSION`."""
    terms = {name: TermsField() for name in (TEXT, TITLE, QUESTION, ANSWER, CODE)}
    marks = {name: MarksField() for name in ("kind", "thread", "tag", "author", "people", "flag", "word")}
    numbers = ("thread_id", "post_id", "ordinal", "score", "answers", "created", "active", "is_solved")
    columns = {name: COLUMN(NumericColumn("q")) for name in numbers}
    return Schema(**terms, **marks, **columns, fingerprint=COLUMN(VarBytesColumn()), document=STORED())


def microseconds(moment: datetime) -> int:
    """Return the moment as the columns keep times: microseconds since 1970, exactly."""
    return round(moment.timestamp() * 1_000_000)


def rows_of(document: ThreadDocument, analyses: Analyses) -> Iterator[dict[str, Any]]:
    """Yield what Whoosh's `add_document` is given for a thread and then for each of its answers.

    The thread's row also has the words of its title, to suggest them, and the document itself.
    """
    thread, *answers = records_of(document, analyses)
    words = frozenset(written.forms.exact for written in analyses.prose.written_forms(document.title))
    fingerprint = document.fingerprint().encode("ascii")
    yield _row(thread) | {"word": words, "fingerprint": fingerprint, "document": stored.pack(document)}
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
    }
