"""One page of what a search finds: counted and narrowed by the database, ranked here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, Select, Table, cast, func, select
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.search.analysis import Analyses
from forum.search.engine import Hit, Hits, Kind, SearchQuery, Sort
from forum.search.engines.postgres_conditions import Conditions
from forum.search.engines.postgres_counting import facets_of
from forum.search.engines.postgres_learning import Learned
from forum.search.engines.postgres_scoring import Scoring
from forum.search.engines.postgres_tables import Tables
from forum.search.engines.postgres_terms import any_of, sequence
from forum.search.meaning import Meaning
from forum.search.plan import Plan, Terms, order_of, plan
from forum.search.ranking import SOLVED_FACTOR
from forum.search.records import TITLE
from forum.search.snippets import Sought, snippet_of, sought_in
from forum.search.stored import unpack
from forum.search.threads import ThreadDocument

MOST_CANDIDATES = 1_000
"""Results that are scored. Of more, those are whose titles hold most of the words; the rest follow behind."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A generation of the index in one transaction."""

    connection: Connection
    tables: Tables
    analyses: Analyses
    learned: Learned

    @property
    def meaning(self) -> Meaning:
        """Return what this generation has learned of the site's words."""
        return self.learned.of(self.connection, self.tables)

    def documents(self, thread_ids: Iterable[int]) -> Mapping[int, ThreadDocument]:
        """Return the documents of those of these threads that are there, as they were indexed."""
        thread = self.tables.thread.c
        found = select(thread.thread_id, thread.document).where(thread.thread_id.in_(list(thread_ids)))
        return {thread_id: unpack(packed) for thread_id, packed in self.connection.execute(found)}


@dataclass(frozen=True, slots=True)
class Ranked:
    """One result before its document is read."""

    thread_id: int
    post_id: int | None
    score: float


Rows: TypeAlias = Sequence[Row[Any]]


def search(reading: Reading, query: SearchQuery) -> Hits:
    """Return one page of what the query finds."""
    planned = plan(query, reading.analyses)
    if planned.is_empty:
        return Hits(0, (), ignored=planned.ignored)
    sought = sought_in(planned)
    sort = order_of(query, planned)
    found, total = _found(reading, planned)
    looser = None if total else planned.relaxed()
    if looser is not None:
        planned = looser
        found, total = _found(reading, planned)
    page = _Page(reading, planned, found, total).ranked(sort, query) if total else []
    return Hits(
        total,
        hits_of(reading, page, sought, kind=query.kind),
        relaxed=bool(looser is not None and total),
        ignored=planned.ignored,
        facets=facets_of(reading.connection, reading.tables.record, found) if query.with_facets else None,
    )


def hits_of(reading: Reading, page: Sequence[Ranked], sought: Sought, *, kind: Kind) -> tuple[Hit, ...]:
    """Return these results with the passages that show why they were found."""
    documents = reading.documents({result.thread_id for result in page})
    hits = []
    for result in page:
        owner, snippet = snippet_of(
            documents[result.thread_id], sought, reading.analyses.prose, kind=kind, post_id=result.post_id
        )
        hits.append(Hit(result.thread_id, owner, result.score, snippet))
    return tuple(hits)


def _found(reading: Reading, planned: Plan) -> tuple[ColumnElement[bool], int]:
    record = reading.tables.record
    found = Conditions(record, planned.kind).of(planned)
    counted = select(func.count()).select_from(record).where(found)
    return found, int(reading.connection.scalar(counted) or 0)


@dataclass(frozen=True, slots=True)
class _Page:
    reading: Reading
    planned: Plan
    found: ColumnElement[bool]
    total: int

    def ranked(self, sort: Sort, query: SearchQuery) -> list[Ranked]:
        if sort is not Sort.RELEVANCE:
            order = _order(self.reading.tables.record, sort)
            return self._scored(order, limit=query.limit, offset=query.offset)
        if query.offset >= MOST_CANDIDATES:
            return self._scored(self._preference(), limit=query.limit, offset=query.offset)
        order = self._preference() if self.total > MOST_CANDIDATES else ()
        candidates = self._scored(order, limit=MOST_CANDIDATES, offset=0)
        candidates.sort(key=lambda result: (-result.score, -result.thread_id, -(result.post_id or 0)))
        return candidates[query.offset : query.offset + query.limit]

    def _scored(self, order: Sequence[Any], *, limit: int, offset: int) -> list[Ranked]:
        """Return results in the order of the database, with their scores."""
        record = self.reading.tables.record
        scoring = Scoring(record, self.planned)
        columns = [column.label(label) for label, column in scoring.columns.items()]
        statement: Select[Any] = (
            select(record.c.thread_id, record.c.post_id, record.c.is_solved, *columns)
            .where(self.found)
            .order_by(*order)
            .limit(limit)
            .offset(offset)
        )
        rows = self.reading.connection.execute(statement).all()
        scores = scoring.scores(self.reading.connection, self.reading.tables.term, rows)
        scores *= np.where(np.array([row[2] for row in rows], np.bool_), SOLVED_FACTOR, 1.0)
        return [Ranked(row[0], row[1], score) for row, score in zip(rows, scores.tolist(), strict=True)]

    def _preference(self) -> Sequence[Any]:
        record = self.reading.tables.record
        return [func.ts_rank(record.c[TITLE], _any_word(self.planned)).desc(), *_ties(record)]


def _any_word(planned: Plan) -> Any:
    words = [leaf for leaf in planned.wanted if isinstance(leaf, Terms)]
    sequences = {terms: None for leaf in words for group in leaf.groups for terms in group}
    return cast(any_of(map(sequence, sequences)) if sequences else "", TSQUERY)


def _order(record: Table, sort: Sort) -> Sequence[Any]:
    first = {Sort.NEWEST: record.c.created_at, Sort.ACTIVE: record.c.active_at, Sort.SCORE: record.c.score}
    return [first[sort].desc(), *_ties(record)]


def _ties(record: Table) -> Sequence[Any]:
    return [record.c.thread_id.desc(), func.coalesce(record.c.post_id, 0).desc()]
