"""Putting threads into the tables and taking them out, and counting their terms while doing so."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from psycopg import sql
from sqlalchemy import BigInteger, Connection, Table, Text, delete, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, insert

from forum.search.analysis import Analyses
from forum.search.engine import ThreadDocument
from forum.search.engines.postgres_tables import FIELDS, HEADING, WHOLE, WORD, Tables
from forum.search.engines.postgres_terms import clean, counts, vector
from forum.search.records import Record, records_of, vocabulary_of
from forum.search.stored import pack, unpack

Counts: TypeAlias = Counter[tuple[str, str, str]]
"""By field, term and what is counted ("records" or "length"): how many more there are now."""

_MOST_AT_ONCE = 50_000
"""Rows of terms in one statement."""


def put(
    connection: Connection, tables: Tables, documents: Sequence[ThreadDocument], analyses: Analyses
) -> Counts:
    """Write the threads in place of their older selves; return what that changes in the counts of terms."""
    newest = {document.thread_id: document for document in documents}
    changes = take_out(connection, tables, newest, analyses)
    threads = []
    rows: list[tuple[Any, ...]] = []
    for document in newest.values():
        records = records_of(document, analyses)
        _count(changes, document, records, analyses, by=1)
        threads.append((document.thread_id, document.fingerprint(), pack(document)))
        rows.extend(_row(record) for record in records)
    _copy(connection, tables.thread, threads)
    _copy(connection, tables.record, rows)
    return changes


def take_out(connection: Connection, tables: Tables, thread_ids: Iterable[int], analyses: Analyses) -> Counts:
    """Remove the threads that are there; return what that changes in the counts of terms."""
    changes: Counts = Counter()
    ids = list(thread_ids)
    thread, record = tables.thread.c, tables.record.c
    for packed in connection.scalars(select(thread.document).where(_is_one_of(thread.thread_id, ids))):
        document = unpack(packed)
        _count(changes, document, records_of(document, analyses), analyses, by=-1)
    if changes:
        connection.execute(delete(tables.thread).where(_is_one_of(thread.thread_id, ids)))
        connection.execute(delete(tables.record).where(_is_one_of(record.thread_id, ids)))
    return changes


def add_up(connection: Connection, tables: Tables, changes: Counts) -> None:
    """Bring the counts of terms up to date."""
    # What a thread had and has again changes nothing; most edits change few words.
    keys = sorted({(field, term) for (field, term, _), by in changes.items() if by})
    for start in range(0, len(keys), _MOST_AT_ONCE):
        _add_up(connection, tables.term, keys[start : start + _MOST_AT_ONCE], changes)


def _add_up(connection: Connection, table: Table, keys: Sequence[tuple[str, str]], changes: Counts) -> None:
    numbers = {name: [changes[field, term, name] for field, term in keys] for name in ("records", "length")}
    rows = select(
        *_unnested(keys),
        *(func.unnest(literal(values, ARRAY(BigInteger))) for values in numbers.values()),
    )
    statement = insert(table).from_select(["field", "term", *numbers], rows)
    added = {name: table.c[name] + statement.excluded[name] for name in numbers}
    connection.execute(statement.on_conflict_do_update(index_elements=["field", "term"], set_=added))
    if fewer := [key for key in keys if changes[*key, "records"] < 0]:
        are_fewer = tuple_(table.c.field, table.c.term).in_(select(*_unnested(fewer)))
        connection.execute(delete(table).where(are_fewer, table.c.records <= 0))


def _unnested(keys: Sequence[tuple[str, str]]) -> tuple[Any, Any]:
    fields = [field for field, _ in keys]
    terms = [clean(term) for _, term in keys]
    return func.unnest(literal(fields, ARRAY(Text))), func.unnest(literal(terms, ARRAY(Text)))


def _count(
    changes: Counts, document: ThreadDocument, records: Sequence[Record], analyses: Analyses, *, by: int
) -> None:
    for record in records:
        for field, positions in record.fields.items():
            for term in positions:
                changes[field, term, "records"] += by
            changes[field, WHOLE, "records"] += by
            changes[field, WHOLE, "length"] += by * sum(map(len, positions.values()))
    for word in vocabulary_of(document, analyses.prose):
        changes[WORD, word, "records"] += by
    for word in {written.forms.exact for written in analyses.prose.written_forms(document.title)}:
        changes[HEADING, word, "records"] += by


def _row(record: Record) -> tuple[Any, ...]:
    fields = [record.fields.get(name, {}) for name in FIELDS]
    return (
        record.thread_id,
        record.ordinal,
        record.post_id,
        record.author_id,
        record.score,
        record.answer_count,
        _moment(record.created_at),
        _moment(record.active_at),
        record.has_accepted,
        record.is_accepted,
        *(sorted(map(clean, marks)) for marks in (record.tags, record.author, record.people)),
        *map(vector, fields),
        *map(counts, fields),
    )


def _moment(moment: datetime) -> str:
    return moment.isoformat()


def _copy(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table.schema or "", table.name))
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _is_one_of(column: Any, ids: Sequence[int]) -> Any:
    return column == func.any(literal(ids, ARRAY(BigInteger)))
