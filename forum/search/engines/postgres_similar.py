"""Threads about the same as a question: those that hold its rarest terms are found, then all are scored."""

from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, and_, cast, func, select
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.search.engine import Hit, Kind, SimilarQuery
from forum.search.engines.postgres_conditions import holds, is_of
from forum.search.engines.postgres_reading import MOST_CANDIDATES, Ranked, Reading, hits_of
from forum.search.engines.postgres_scoring import Floats, Frequencies, Statistics, bm25
from forum.search.engines.postgres_terms import any_of, quoted
from forum.search.pruning import Sought, informative, telling, terms_of
from forum.search.ranking import SOLVED_FACTOR, TITLE_WEIGHT
from forum.search.records import TEXT, TITLE
from forum.search.snippets import sought_terms

_PLACES = ((TEXT, 1.0), (TITLE, TITLE_WEIGHT))


def similar(reading: Reading, query: SimilarQuery) -> tuple[Hit, ...]:
    """Return the threads that are most likely about the same, best first."""
    terms = terms_of(query, reading.analyses.prose)
    statistics = Statistics.read(reading.connection, reading.tables.term, fields=[TEXT, TITLE], terms=terms)
    sought = informative(terms, lambda term: statistics.rarity(TEXT, term))
    if not sought:
        return ()
    rows = _candidates(reading, query, _telling(sought, statistics))
    scores = _scores(rows, sought, statistics)
    order = np.lexsort(([-row.thread_id for row in rows], -scores))[: query.limit]
    best = [Ranked(rows[place].thread_id, None, float(scores[place])) for place in order.tolist()]
    if not query.with_passages:
        return tuple(Hit(result.thread_id, None, result.score, ()) for result in best)
    return hits_of(reading, best, sought_terms(telling(sought)), kind=Kind.ANY)


def _telling(sought: tuple[Sought, ...], statistics: Statistics) -> tuple[Sought, ...]:
    """Return the weightiest of the terms, as many as lead to a number of candidates that can be scored.

    What is among the best without one of these holds nothing but common words of the question.
    """
    free = MOST_CANDIDATES
    telling: list[Sought] = []
    for term in sought:
        free -= statistics.records(TEXT, term.term)
        if telling and free < 0:
            break
        telling.append(term)
    return tuple(telling)


def _candidates(reading: Reading, query: SimilarQuery, telling: tuple[Sought, ...]) -> list[Row[Any]]:
    record = reading.tables.record
    words = any_of(quoted(term.term) for term in telling)
    found = (
        select(
            record.c.thread_id,
            record.c.has_accepted,
            *(record.c[f"{name}_counts"] for name, _ in _PLACES),
        )
        .where(holds(record, TEXT, words), is_of(record, Kind.ANY), _is_wanted(record.c, query))
        .order_by(func.ts_rank(record.c[TITLE], cast(words, TSQUERY)).desc(), record.c.thread_id.desc())
        .limit(MOST_CANDIDATES)
    )
    return list(reading.connection.execute(found))


def _is_wanted(record: Any, query: SimilarQuery) -> ColumnElement[bool]:
    conditions = [record.thread_id.not_in(sorted(query.exclude))] if query.exclude else []
    if query.before is not None:
        conditions.append(record.created_at < query.before)
    if query.only_solved:
        conditions.append(record.has_accepted)
    return and_(True, *conditions)


def _scores(rows: list[Row[Any]], sought: tuple[Sought, ...], statistics: Statistics) -> Floats:
    total = np.zeros(len(rows))
    for name, weight in _PLACES:
        frequencies = Frequencies(
            [getattr(row, f"{name}_counts") for row in rows], [term.term for term in sought]
        )
        average = statistics.average_length(name)
        for term in sought:
            often = frequencies.of(term.term)
            score = bm25(term.rarity, often, lengths=frequencies.lengths, average_length=average)
            total += weight * term.weight * score
    total[[row.has_accepted for row in rows]] *= SOLVED_FACTOR
    return total
