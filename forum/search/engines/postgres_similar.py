"""Threads about the same as a question: those that hold its rarest terms are found, then all are scored."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Row, and_, cast, func, select
from sqlalchemy.dialects.postgresql import TSQUERY

from forum.core import clock
from forum.search import closeness
from forum.search.engine import Hit, Kind, SimilarQuery
from forum.search.engines.postgres_conditions import holds, is_of
from forum.search.engines.postgres_reading import MOST_CANDIDATES, Ranked, Reading, hits_of
from forum.search.engines.postgres_scoring import Floats, Frequencies, Statistics
from forum.search.engines.postgres_terms import COUNT, any_of, quoted
from forum.search.engines.postgres_words import commonest
from forum.search.meaning import Meaning, nearness
from forum.search.pruning import Asked, Sought, asked_of, finished, informative, telling
from forum.search.records import QUESTION, TEXT, TITLE
from forum.search.snippets import sought_terms

_FIELDS = (TEXT, TITLE, QUESTION)
_DAY = timedelta(days=1)


def similar(reading: Reading, query: SimilarQuery) -> tuple[Hit, ...]:
    """Return the threads that are most likely about the same, best first."""
    query = finished(query, lambda beginning: commonest(reading, beginning, 1))
    asked = asked_of(query, reading.analyses.prose)
    statistics = Statistics.read(reading.connection, reading.tables.term, fields=_FIELDS, terms=asked.terms)

    def rarity(term: str) -> float:
        return statistics.rarity(TEXT, term)

    sought = informative(asked.terms, rarity)
    if not sought:
        return ()
    rows = _candidates(reading, query, _telling(sought, statistics))
    title = informative(asked.title_terms, rarity)
    scores = _by_words(rows, sought, title, statistics) + _by_meaning(rows, reading.meaning, query, asked)
    near = np.argsort(-scores, kind="stable")[: closeness.MOST_CANDIDATES]
    rows, scores = [rows[place] for place in near.tolist()], scores[near]
    scores += closeness.LETTERS_WEIGHT * closeness.letter_likeness(query.title, [row.heading for row in rows])
    order = np.lexsort(([-row.thread_id for row in rows], -scores - _by_itself(rows, query)))[: query.limit]
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
            record.c.is_solved,
            record.c.score,
            record.c.created_at,
            record.c.tags,
            record.c.heading,
            record.c.meaning,
            *(record.c[f"{name}_counts"] for name in _FIELDS),
            # The length of what is counted: how much the question says.
            func.length(record.c[f"{QUESTION}_counts"]).label("question_size"),
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
        conditions.append(record.is_solved)
    return and_(True, *conditions)


def _by_words(
    rows: list[Row[Any]], sought: Sequence[Sought], title: Sequence[Sought], statistics: Statistics
) -> Floats:
    """Return how alike the words are, by two of the parts of `forum.search.closeness`."""
    counts = {
        name: Frequencies(
            [getattr(row, f"{name}_counts") for row in rows], {term.term for term in (*sought, *title)}
        )
        for name in _FIELDS
    }
    average = {name: statistics.average_length(name) for name in _FIELDS}
    in_text, in_title, in_question = (counts[name] for name in _FIELDS)
    shortness = in_text.lengths / average[TEXT]
    words = np.zeros(len(rows))
    for term in sought:
        often = in_text.of(term.term) + in_title.of(term.term)
        words += term.weight * term.rarity * closeness.WORDS.score(often, shortness)
    shortness = (in_title.lengths + in_question.lengths) / (average[TITLE] + average[QUESTION])
    asked = np.zeros(len(rows))
    for term in title:
        often = 2 * in_title.of(term.term) + in_question.of(term.term)
        asked += term.weight * term.rarity * closeness.ASKED.score(often, shortness)
    return words / _most(sought) + closeness.ASKED_WEIGHT * asked / _most(title)


def _most(sought: Sequence[Sought]) -> float:
    return sum(term.weight * term.rarity for term in sought) or 1.0


def _by_meaning(rows: list[Row[Any]], meaning: Meaning, query: SimilarQuery, asked: Asked) -> Floats:
    vector = meaning.of_question(query, asked.counts)
    return closeness.MEANING_WEIGHT * nearness(vector, [row.meaning for row in rows])


def _by_itself(rows: list[Row[Any]], query: SimilarQuery) -> Floats:
    """Return what speaks for each candidate whatever the words of the question are."""
    now = query.before or clock.now()
    return closeness.by_itself(
        ages_in_days=np.array([(now - row.created_at) / _DAY for row in rows], float),
        words=np.array([row.question_size / COUNT.itemsize for row in rows], float),
        is_solved=np.array([row.is_solved for row in rows], float),
        scores=np.array([row.score for row in rows], float),
        tag_shares=closeness.tag_share(query.tags, [frozenset(row.tags) for row in rows]),
    )
