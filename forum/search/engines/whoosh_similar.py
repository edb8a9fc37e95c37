"""Threads about the same as a question: found by their words, put in order by `forum.search.closeness`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.core import clock
from forum.search import closeness
from forum.search.analysis import Analysis, fold
from forum.search.closeness import Floats
from forum.search.engine import SimilarQuery
from forum.search.engines.whoosh_reading import Ranked
from forum.search.engines.whoosh_schema import microseconds
from forum.search.engines.whoosh_segments import Mask, Segment
from forum.search.engines.whoosh_snapshots import Part, Snapshot
from forum.search.engines.whoosh_words import commonest
from forum.search.meaning import Meaning, nearness
from forum.search.pruning import Asked, Sought, asked_of, informative, telling
from forum.search.ranking import idf
from forum.search.records import QUESTION, TEXT, TITLE

_DAY = 86_400_000_000


class _Candidates(NamedTuple):
    """Threads of one segment, in rising order, and what they count so far."""

    segment: Segment
    numbers: NDArray[np.int64]
    scores: Floats


def most_similar(
    snapshot: Snapshot, query: SimilarQuery, analysis: Analysis, meaning: Meaning
) -> tuple[tuple[str, ...], list[Ranked]]:
    """Return the terms that were looked for, and the best threads, best first."""

    def rarity(term: str) -> float:
        containing = snapshot.frequency(TEXT, term)
        return idf(snapshot.threads, containing) if containing else 0.0

    asked = asked_of(_finished(snapshot, query, analysis), analysis)
    sought = informative(asked.terms, rarity)
    by_words = [_by_words(snapshot, part, query, sought) for part in snapshot.parts]
    candidates = _by_meaning(_best(by_words, closeness.MOST_BY_WORDS), meaning, asked)
    candidates = _best(candidates, closeness.MOST_CANDIDATES)
    ordered = _ordered(snapshot, candidates, query, asked, informative(asked.title_terms, rarity))
    return telling(sought), ordered[: query.limit]


def _finished(snapshot: Snapshot, query: SimilarQuery, analysis: Analysis) -> SimilarQuery:
    """Return the query with the likeliest ending of the word that is being typed behind its title.

    More of them find no more on the archives of forums, and take longer.
    """
    title = query.title
    if not query.is_unfinished or not title or not title[-1].isalnum():
        return query
    beginning = fold(title.split()[-1])
    (likeliest,) = commonest(snapshot, beginning, 1) or (beginning,)
    return query if likeliest == beginning else replace(query, title=f"{title} {likeliest}")


def _by_words(snapshot: Snapshot, part: Part, query: SimilarQuery, sought: Sequence[Sought]) -> _Candidates:
    """Return the threads that may be shown and have some of the words, with what these count."""
    segment = part.segment
    total = np.zeros(segment.size)
    shortness = segment.lengths(TEXT) / snapshot.average_length(TEXT, snapshot.threads)
    for term in sought:
        block = segment.postings(TEXT, term.term)
        if block is None:
            continue
        frequencies = block.frequencies.astype(np.float64)
        if (title := segment.postings(TITLE, term.term)) is not None:
            # Answers have the title of their thread too, but not its text.
            places, is_there = _places(title.numbers, block.numbers)
            frequencies[places[is_there]] += title.frequencies[is_there]
        counted = closeness.WORDS.score(frequencies, shortness[block.numbers])
        total[block.numbers] += term.weight * term.rarity * counted
    most = sum(term.weight * term.rarity for term in sought) or 1.0
    numbers = np.flatnonzero((total > 0) & _allowed(part, query))
    return _Candidates(segment, numbers, total[numbers] / most)


def _places(numbers: NDArray[Any], whole: NDArray[Any]) -> tuple[NDArray[np.int64], Mask]:
    """Return the place of each number in `whole` and whether it is there; both rise."""
    places = np.searchsorted(whole, numbers)
    places[places == len(whole)] = 0
    return places, whole[places] == numbers


def _allowed(part: Part, query: SimilarQuery) -> Mask:
    columns = part.segment.columns
    mask = part.segment.is_thread & part.alive
    if query.exclude:
        mask &= ~np.isin(columns["thread_id"], list(query.exclude))
    if query.before is not None:
        mask &= columns["created"] < microseconds(query.before)
    if query.only_solved:
        mask &= columns["has_accepted"] != 0
    return mask


def _best(candidates: Sequence[_Candidates], most: int) -> list[_Candidates]:
    """Return the candidates with the highest scores, and all that equal the lowest of these."""
    scores = np.concatenate([part.scores for part in candidates]) if candidates else np.zeros(0)
    if len(scores) <= most:
        return [part for part in candidates if len(part.numbers)]
    lowest = np.partition(scores, len(scores) - most)[len(scores) - most]
    kept = []
    for segment, numbers, scored in candidates:
        is_high = scored >= lowest
        if is_high.any():
            kept.append(_Candidates(segment, numbers[is_high], scored[is_high]))
    return kept


def _by_meaning(candidates: Sequence[_Candidates], meaning: Meaning, asked: Asked) -> Sequence[_Candidates]:
    """Return the candidates with what their titles count by their meaning added."""
    vector = meaning.of(asked.counts)
    if not vector.any():
        return candidates
    return [
        part._replace(
            scores=part.scores
            + closeness.MEANING_WEIGHT * nearness(vector, part.segment.meanings(part.numbers.tolist()))
        )
        for part in candidates
    ]


def _ordered(
    snapshot: Snapshot,
    candidates: Sequence[_Candidates],
    query: SimilarQuery,
    asked: Asked,
    title: Sequence[Sought],
) -> list[Ranked]:
    """Return the candidates in the order of how close they are; their scores say how alike the texts are."""
    if not candidates:
        return []
    pairs = closeness.pairs_of(asked.title_words)
    titles = [part.segment.titles(part.numbers.tolist()) for part in candidates]
    scores = np.concatenate([part.scores for part in candidates])
    scores += closeness.ASKED_WEIGHT * np.concatenate(
        [_by_title(snapshot, part, title) for part in candidates]
    )
    counts = np.concatenate([_pair_counts(part, pairs) for part in candidates])
    scores += closeness.PAIRS_WEIGHT * closeness.pair_shares(counts, threads=snapshot.threads)
    letters = closeness.letter_likeness(query.title, [text for part in titles for text in part])
    scores += closeness.LETTERS_WEIGHT * letters
    ranks = scores + np.concatenate([_by_itself(part, query) for part in candidates])
    ranked = [
        Ranked(part.segment, number, int(part.segment.columns["thread_id"][number]), 0, 0.0)
        for part in candidates
        for number in part.numbers.tolist()
    ]
    order = sorted(range(len(ranked)), key=lambda place: (-ranks[place], -ranked[place].thread_id))
    return [ranked[place]._replace(score=float(scores[place])) for place in order]


def _by_title(snapshot: Snapshot, part: _Candidates, title: Sequence[Sought]) -> Floats:
    """Return what the words of the question's title count in title and question of each candidate."""
    segment, numbers, _ = part
    average = snapshot.average_length(QUESTION, snapshot.threads) + snapshot.average_length(
        TITLE, snapshot.threads + snapshot.answers
    )
    shortness = (segment.lengths(QUESTION)[numbers] + segment.lengths(TITLE)[numbers]) / average
    total = np.zeros(len(numbers))
    for term in title:
        frequencies = 2 * _frequencies(segment, TITLE, term.term, numbers)
        frequencies += _frequencies(segment, QUESTION, term.term, numbers)
        total += term.weight * term.rarity * closeness.ASKED.score(frequencies, shortness)
    return total / (sum(term.weight * term.rarity for term in title) or 1.0)


def _frequencies(segment: Segment, field: str, term: str, numbers: NDArray[np.int64]) -> Floats:
    block = segment.postings(field, term)
    if block is None:
        return np.zeros(len(numbers))
    places, is_there = _places(numbers, block.numbers)
    return np.where(is_there, block.frequencies[places], 0).astype(np.float64)


def _pair_counts(part: _Candidates, pairs: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """Return how often each pair stands together in each candidate; a row a candidate, a column a pair."""
    positions = {word: _positions(part, word) for pair in pairs for word in pair}
    counts = np.zeros((len(part.numbers), len(pairs)), np.int64)
    for column, (first, second) in enumerate(pairs):
        followed = positions[second]
        for row, places in positions[first].items():
            if row in followed:
                counts[row, column] = len(np.intersect1d(places + 1, followed[row], assume_unique=True))
    return counts


def _positions(part: _Candidates, word: str) -> Mapping[int, NDArray[np.int64]]:
    """Return for each row of a candidate that has the word where it stands in its text."""
    block = part.segment.postings(TEXT, word)
    if block is None:
        return {}
    places, is_there = _places(part.numbers, block.numbers)
    rows = np.flatnonzero(is_there)
    found = part.segment.positions_in(block, places[rows].tolist())
    return dict(zip(rows.tolist(), found, strict=True))


def _by_itself(part: _Candidates, query: SimilarQuery) -> Floats:
    """Return what speaks for each candidate whatever the words of the question are."""
    segment, numbers, _ = part
    columns = {name: segment.columns[name][numbers] for name in ("created", "score", "has_accepted")}
    ages = (microseconds(query.before or clock.now()) - columns["created"]) / _DAY
    total = closeness.RECENT_WEIGHT * closeness.recency(ages)
    total += closeness.DETAIL_WEIGHT * closeness.detail(segment.lengths(QUESTION)[numbers])
    total += closeness.SOLVED_WEIGHT * columns["has_accepted"]
    total += closeness.SCORE_WEIGHT * closeness.esteem(columns["score"].astype(np.float64))
    if query.tags:
        has_tag = [_frequencies(segment, "tag", tag.lower(), numbers) for tag in query.tags]
        total += closeness.TAGS_WEIGHT * np.mean(has_tag, axis=0)
    return total
