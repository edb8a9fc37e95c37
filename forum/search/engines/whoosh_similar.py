"""Threads about the same as a question, by the formula of `forum.search.ranking`, with arrays."""

import numpy as np

from forum.search.analysis import Analysis
from forum.search.engine import SimilarQuery, Sort
from forum.search.engines.whoosh_matches import Matches
from forum.search.engines.whoosh_reading import Found, Ranked, best
from forum.search.engines.whoosh_schema import microseconds
from forum.search.engines.whoosh_segments import Mask
from forum.search.engines.whoosh_snapshots import Part, Snapshot
from forum.search.pruning import Sought, informative, terms_of
from forum.search.ranking import K1, SOLVED_FACTOR, TITLE_WEIGHT, B, idf
from forum.search.records import TEXT, TITLE


def most_similar(
    snapshot: Snapshot, query: SimilarQuery, analysis: Analysis
) -> tuple[tuple[str, ...], list[Ranked]]:
    """Return the terms that were looked for, and the best threads, best first."""

    def rarity(term: str) -> float:
        containing = snapshot.frequency(TEXT, term)
        return idf(snapshot.threads, containing) if containing else 0.0

    sought = informative(terms_of(query, analysis), rarity)
    parts = tuple((part.segment, _scored(snapshot, part, query, sought)) for part in snapshot.parts)
    ranked = best(Found(parts), sort=Sort.RELEVANCE, most=query.limit)
    return tuple(term.term for term in sought), ranked


def _scored(snapshot: Snapshot, part: Part, query: SimilarQuery, sought: tuple[Sought, ...]) -> Matches:
    segment = part.segment
    total = np.zeros(segment.size)
    for field, weight, holders in (
        (TEXT, 1.0, snapshot.threads),
        (TITLE, TITLE_WEIGHT, snapshot.threads + snapshot.answers),
    ):
        average = snapshot.average_length(field, holders)
        lengths = segment.lengths(field)
        for term in sought:
            block = segment.postings(field, term.term)
            if block is None:
                continue
            frequencies = block.frequencies.astype(np.float64)
            shortness = 1 - B + B * lengths[block.numbers] / average
            score = term.rarity * frequencies * (K1 + 1) / (frequencies + K1 * shortness)
            total[block.numbers] += weight * term.weight * score
    total[segment.columns["has_accepted"] != 0] *= SOLVED_FACTOR
    numbers = np.flatnonzero((total > 0) & _candidates(part, query))
    return Matches(numbers, total[numbers])


def _candidates(part: Part, query: SimilarQuery) -> Mask:
    columns = part.segment.columns
    mask = part.segment.is_thread & part.alive
    if query.exclude:
        mask &= ~np.isin(columns["thread_id"], list(query.exclude))
    if query.before is not None:
        mask &= columns["created"] < microseconds(query.before)
    if query.only_solved:
        mask &= columns["has_accepted"] != 0
    return mask
