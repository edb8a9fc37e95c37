"""Threads about the same as a question: found by their words, put in order by `forum.search.closeness`."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.core import clock
from forum.search import closeness
from forum.search.analysis import Analysis
from forum.search.closeness import Floats
from forum.search.engine import SimilarQuery
from forum.search.engines.whoosh_codec import Block
from forum.search.engines.whoosh_reading import Ranked
from forum.search.engines.whoosh_schema import microseconds
from forum.search.engines.whoosh_segments import Mask, Segment
from forum.search.engines.whoosh_snapshots import Part, Snapshot
from forum.search.engines.whoosh_words import commonest
from forum.search.meaning import Meaning, nearness
from forum.search.pruning import Asked, Sought, asked_of, finished, informative, telling
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

    asked = asked_of(finished(query, lambda beginning: commonest(snapshot, beginning, 1)), analysis)
    sought = informative(asked.terms, rarity)
    by_words = [_by_words(snapshot, part, query, sought) for part in snapshot.parts]
    candidates = _by_meaning(_best(by_words, closeness.MOST_BY_WORDS), meaning, query, asked)
    candidates = _best(candidates, closeness.MOST_CANDIDATES)
    ordered = _ordered(snapshot, candidates, query, asked, informative(asked.title_terms, rarity))
    return telling(sought), ordered[: query.limit]


def _by_words(snapshot: Snapshot, part: Part, query: SimilarQuery, sought: Sequence[Sought]) -> _Candidates:
    """Return the threads that may be shown and have some of the words, with what these count."""
    segment = part.segment
    total = np.zeros(segment.size)
    lengths = segment.lengths(TEXT)
    average = snapshot.average_length(TEXT, snapshot.threads)
    for term in sought:
        block = segment.postings(TEXT, term.term)
        if block is None:
            continue
        frequencies = block.frequencies.astype(np.float64)
        if (title := segment.postings(TITLE, term.term)) is not None:
            # Answers have the title of their thread too, but not its text.
            places, is_there = _places(title.numbers, block.numbers)
            frequencies[places[is_there]] += title.frequencies[is_there]
        counted = closeness.WORDS.score(frequencies, lengths[block.numbers] / average)
        total[block.numbers] += term.weight * term.rarity * counted
    most = sum(term.weight * term.rarity for term in sought) or 1.0
    numbers = np.flatnonzero(total)
    numbers = numbers[_is_allowed(part, query, numbers)]
    return _Candidates(segment, numbers, total[numbers] / most)


def _places(numbers: NDArray[Any], whole: NDArray[Any]) -> tuple[NDArray[np.int64], Mask]:
    """Return the place of each number in `whole` and whether it is there; both rise."""
    places = np.searchsorted(whole, numbers)
    places[places == len(whole)] = 0
    return places, whole[places] == numbers


def _is_allowed(part: Part, query: SimilarQuery, numbers: NDArray[np.int64]) -> Mask:
    """Return which of the records with these numbers are threads that may be shown."""
    columns = part.segment.columns
    mask = part.segment.is_thread[numbers] & part.alive[numbers]
    if query.exclude:
        mask &= ~np.isin(columns["thread_id"][numbers], list(query.exclude))
    if query.before is not None:
        mask &= columns["created"][numbers] < microseconds(query.before)
    if query.only_solved:
        mask &= columns["is_solved"][numbers] != 0
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


def _by_meaning(
    candidates: Sequence[_Candidates], meaning: Meaning, query: SimilarQuery, asked: Asked
) -> Sequence[_Candidates]:
    """Return the candidates with what their titles count by their meaning added."""
    vector = meaning.of_question(query, asked.counts)
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


class _Standing(NamedTuple):
    """Where a word stands: in which rows of candidates, and at which places of its postings these are."""

    rows: NDArray[np.int64]
    block: Block
    places: NDArray[np.int64]


_NONE = np.zeros(0, np.int64)
_STANDS_NOWHERE = _Standing(_NONE, Block(_NONE.astype(np.uint32), _NONE.astype(np.uint16)), _NONE)
_ROW = 2**32
"""More positions than any thread has, so that row and position make one number."""


def _pair_counts(part: _Candidates, pairs: Sequence[tuple[str, str]]) -> NDArray[np.int64]:
    """Return how often each pair stands together in each candidate; a row a candidate, a column a pair."""
    standing = {word: _standing(part, word) for pair in pairs for word in pair}
    counts = np.zeros((len(part.numbers), len(pairs)), np.int64)
    for column, (first, second) in enumerate(pairs):
        # Most candidates have one word of a pair at most, and reading positions is what takes time.
        rows = np.intersect1d(standing[first].rows, standing[second].rows, assume_unique=True)
        if len(rows):
            before, after = (_positions(part.segment, standing[word], rows) for word in (first, second))
            together = np.intersect1d(before + 1, after, assume_unique=True)
            counts[:, column] = np.bincount(together // _ROW, minlength=len(counts))
    return counts


def _standing(part: _Candidates, word: str) -> _Standing:
    block = part.segment.postings(TEXT, word)
    if block is None:
        return _STANDS_NOWHERE
    places, is_there = _places(part.numbers, block.numbers)
    rows = np.flatnonzero(is_there)
    return _Standing(rows, block, places[rows])


def _positions(segment: Segment, word: _Standing, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the word stands in these rows, each as row and position in one number."""
    places = word.places[np.searchsorted(word.rows, rows)]
    owners, positions = segment.positions_at(word.block, places)
    return rows[owners] * _ROW + positions


def _by_itself(part: _Candidates, query: SimilarQuery) -> Floats:
    """Return what speaks for each candidate whatever the words of the question are."""
    segment, numbers, _ = part
    columns = {name: segment.columns[name][numbers] for name in ("created", "score", "is_solved")}
    tags = [_frequencies(segment, "tag", tag.lower(), numbers) for tag in query.tags]
    return closeness.by_itself(
        ages_in_days=(microseconds(query.before or clock.now()) - columns["created"]) / _DAY,
        words=segment.lengths(QUESTION)[numbers],
        is_solved=columns["is_solved"].astype(np.float64),
        scores=columns["score"].astype(np.float64),
        tag_shares=np.mean(tags, axis=0) if tags else np.zeros(len(numbers)),
    )
