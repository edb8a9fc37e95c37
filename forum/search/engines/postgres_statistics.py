"""How many records hold each term: what rarity, corrections and suggestions are made of."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any, Self

from sqlalchemy import BigInteger, Connection, Table, Text, delete, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, insert

from forum.search.analysis import Analysis
from forum.search.engines.postgres_tables import HEADING, WHOLE, WORD
from forum.search.engines.postgres_terms import clean
from forum.search.records import Record, vocabulary_of
from forum.search.threads import ThreadDocument

_MOST_AT_ONCE = 50_000
"""Rows of terms in one statement."""


class Changes:
    """How many records more or fewer hold a term in a field, and by how much fields became longer."""

    def __init__(self) -> None:
        self.records: Counter[tuple[str, str]] = Counter()
        self.lengths: Counter[tuple[str, str]] = Counter()

    def __len__(self) -> int:
        return len(self.records)

    def add(self, document: ThreadDocument, records: Sequence[Record], prose: Analysis) -> None:
        """Count a thread that is put in."""
        # Counting an iterable is done in C, which matters for the 500 terms of a thread.
        for field, terms, length in _counted(document, records, prose):
            self.records.update(zip(repeat(field), terms, strict=False))
            self.lengths[field, WHOLE] += length

    def take(self, document: ThreadDocument, records: Sequence[Record], prose: Analysis) -> None:
        """Count a thread that is taken out."""
        for field, terms, length in _counted(document, records, prose):
            self.records.subtract(zip(repeat(field), terms, strict=False))
            self.lengths[field, WHOLE] -= length

    def update(self, more: Self) -> None:
        """Add what others counted."""
        self.records.update(more.records)
        self.lengths.update(more.lengths)

    def write(self, connection: Connection, table: Table) -> None:
        """Bring the table of terms up to date."""
        # What a thread had and has again changes nothing; most edits change few words.
        keys = sorted(
            {key for counts in (self.records, self.lengths) for key, change in counts.items() if change}
        )
        for start in range(0, len(keys), _MOST_AT_ONCE):
            self._write(connection, table, keys[start : start + _MOST_AT_ONCE])

    def _write(self, connection: Connection, table: Table, keys: Sequence[tuple[str, str]]) -> None:
        counts = {"records": self.records, "length": self.lengths}
        numbers = ([count[key] for key in keys] for count in counts.values())
        rows = select(
            *_unnested(keys), *(func.unnest(literal(values, ARRAY(BigInteger))) for values in numbers)
        )
        statement = insert(table).from_select(["field", "term", *counts], rows)
        added = {name: table.c[name] + statement.excluded[name] for name in counts}
        connection.execute(statement.on_conflict_do_update(index_elements=["field", "term"], set_=added))
        if fewer := [key for key in keys if self.records[key] < 0]:
            are_fewer = tuple_(table.c.field, table.c.term).in_(select(*_unnested(fewer)))
            connection.execute(delete(table).where(are_fewer, table.c.records <= 0))


def _counted(
    document: ThreadDocument, records: Sequence[Record], prose: Analysis
) -> Iterable[tuple[str, Iterable[str], int]]:
    """Yield fields, each with the terms that are to be counted once there, and with its length."""
    for record in records:
        for field, positions in record.fields.items():
            yield field, positions, sum(map(len, positions.values()))
            yield field, (WHOLE,), 0
    yield WORD, vocabulary_of(document, prose), 0
    yield HEADING, {written.forms.exact for written in prose.written_forms(document.title)}, 0


def _unnested(keys: Sequence[tuple[str, str]]) -> tuple[Any, Any]:
    fields = [field for field, _ in keys]
    terms = [clean(term) for _, term in keys]
    return func.unnest(literal(fields, ARRAY(Text))), func.unnest(literal(terms, ARRAY(Text)))
