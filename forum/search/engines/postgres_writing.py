"""Putting threads into the tables and taking them out, and counting their terms while doing so."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from psycopg import sql
from sqlalchemy import BigInteger, Connection, Table, delete, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from forum.search.analysis import Analyses
from forum.search.engines.postgres_statistics import Changes
from forum.search.engines.postgres_tables import FIELDS, Tables
from forum.search.engines.postgres_terms import clean, counts, vector
from forum.search.meaning import Meaning
from forum.search.records import Record, records_of
from forum.search.stored import pack, unpack
from forum.search.threads import ThreadDocument


def put(
    connection: Connection,
    tables: Tables,
    documents: Sequence[ThreadDocument],
    analyses: Analyses,
    meaning: Meaning,
) -> Changes:
    """Write the threads in place of their older selves; return what that changes in the counts of terms.

    `meaning` is what these tables have learned.
    """
    newest = {document.thread_id: document for document in documents}
    changes = take_out(connection, tables, newest, analyses)
    directions = meaning.packed([*newest.values()], analyses.prose)
    threads = []
    rows: list[tuple[Any, ...]] = []
    for document, direction in zip(newest.values(), directions, strict=True):
        records = records_of(document, analyses)
        changes.add(document, records, analyses.prose)
        threads.append((document.thread_id, document.fingerprint(), pack(document)))
        heading = (clean(document.title), direction)
        rows.extend(_row(record, *(("", b"") if record.ordinal else heading)) for record in records)
    _copy(connection, tables.thread, threads)
    _copy(connection, tables.record, rows)
    return changes


def take_out(
    connection: Connection, tables: Tables, thread_ids: Iterable[int], analyses: Analyses
) -> Changes:
    """Remove the threads that are there; return what that changes in the counts of terms."""
    changes = Changes()
    ids = list(thread_ids)
    thread, record = tables.thread.c, tables.record.c
    for packed in connection.scalars(select(thread.document).where(_is_one_of(thread.thread_id, ids))):
        document = unpack(packed)
        changes.take(document, records_of(document, analyses), analyses.prose)
    if changes:
        connection.execute(delete(tables.thread).where(_is_one_of(thread.thread_id, ids)))
        connection.execute(delete(tables.record).where(_is_one_of(record.thread_id, ids)))
    return changes


def _row(record: Record, heading: str, meaning: bytes) -> tuple[Any, ...]:
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
        record.is_solved,
        *(sorted(map(clean, marks)) for marks in (record.tags, record.author, record.people)),
        heading,
        meaning,
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
