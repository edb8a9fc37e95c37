"""The best of what a plan finds, over all segments of a commit."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forum.search.engine import Sort
from forum.search.engines.whoosh_matches import Matches
from forum.search.engines.whoosh_matching import Matching
from forum.search.engines.whoosh_segments import Segment
from forum.search.engines.whoosh_snapshots import Snapshot
from forum.search.plan import Plan
from forum.search.ranking import SOLVED_FACTOR

_SORT_COLUMNS = {Sort.NEWEST: "created", Sort.SCORE: "score", Sort.ACTIVE: "active"}


class Ranked(NamedTuple):
    """One of the best records: where it is, and what it is."""

    segment: Segment
    number: int
    thread_id: int
    post_id: int
    score: float


class Found(NamedTuple):
    """What a plan finds, segment by segment."""

    parts: tuple[tuple[Segment, Matches], ...]

    @property
    def total(self) -> int:
        """How many records were found."""
        return sum(len(matches.numbers) for _, matches in self.parts)


def find(snapshot: Snapshot, plan: Plan) -> Found:
    """Return every record that the plan finds, its score multiplied when it is solved."""
    parts = []
    for part in snapshot.parts:
        numbers, scores = Matching(snapshot, part, plan.kind).found(plan)
        is_solved = part.segment.columns["is_solved"][numbers] != 0
        parts.append((part.segment, Matches(numbers, np.where(is_solved, SOLVED_FACTOR, 1.0) * scores)))
    return Found(tuple(parts))


def best(found: Found, *, sort: Sort, most: int) -> list[Ranked]:
    """Return the first `most` records in this order; equals by their ids, the latest first."""
    candidates: list[Ranked] = []
    keys: list[tuple[float, int, int]] = []
    for segment, matches in found.parts:
        ranks = _ranks(segment, matches, sort)
        for place in _first(ranks, most).tolist():
            number = int(matches.numbers[place])
            thread_id, post_id = (int(segment.columns[name][number]) for name in ("thread_id", "post_id"))
            candidates.append(Ranked(segment, number, thread_id, post_id, float(matches.scores[place])))
            keys.append((ranks[place].item(), thread_id, post_id))
    order = sorted(range(len(keys)), key=keys.__getitem__, reverse=True)[:most]
    return [candidates[place] for place in order]


def _ranks(segment: Segment, matches: Matches, sort: Sort) -> NDArray[np.float64] | NDArray[np.int64]:
    if sort is Sort.RELEVANCE:
        return matches.scores
    return segment.columns[_SORT_COLUMNS[sort]][matches.numbers]


def _first(ranks: NDArray[np.float64] | NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return the places of the `most` highest, and of all that equal the lowest of these."""
    if len(ranks) <= most:
        return np.arange(len(ranks))
    lowest = np.partition(ranks, len(ranks) - most)[len(ranks) - most]
    return np.flatnonzero(ranks >= lowest)
