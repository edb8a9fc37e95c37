"""How close a thread is to a question: what engines find by words, put in order by everything that tells.

The order is a sum of seven parts, each of which says something that the others don't:

- the words of the question in the whole thread (`WORDS`), the rare ones counting most;
- the words of its title in the thread's title and question alone;
- words next to each other in the title that are next to each other in the thread;
- the letters of the two titles, which see through slips, compounds and inflections;
- the meaning of the words, as learned from the site's own threads (see `forum.search.meaning`);
- how new the thread is: what was true of a product years ago often isn't any more;
- how much its question says: threads that describe a problem well are those that others are sent to.

Weights and shapes were fitted together on questions of six communities for which helpers had named an
earlier thread, and checked on each community with a fit from the other five; docs/search.md has the figures.
Whether a thread is solved, its score and its tags are not in those sets: they decide between near equals.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from forum.search.ranking import idf


@dataclass(frozen=True, slots=True)
class Saturation:
    """The constants of BM25: how soon repetition stops to count, how much long texts are held back."""

    k1: float
    b: float

    def score(self, frequencies: "Floats", shortness_of: "Floats") -> "Floats":
        """Return what these frequencies count, before rarity; `shortness_of` is length by average length."""
        held_back: Floats = 1 - self.b + self.b * shortness_of
        counted: Floats = frequencies * (self.k1 + 1) / (frequencies + self.k1 * held_back)
        return counted


Floats = NDArray[np.float64]

WORDS = Saturation(k1=3.0, b=0.4)
"""For the whole thread, its title counting twice."""

ASKED = Saturation(k1=1.2, b=0.5)
"""For the title of the question in title and question of the thread."""

MOST_BY_WORDS = 1_000
"""Threads that are looked at because of their words."""

MOST_CANDIDATES = 150
"""Threads whose other parts are computed, the best by words and meaning."""

MEANING_WEIGHT = 1.0
ASKED_WEIGHT = 0.2
PAIRS_WEIGHT = 0.3
LETTERS_WEIGHT = 0.5
RECENT_WEIGHT = 0.6
DETAIL_WEIGHT = 0.4

SOLVED_WEIGHT = 0.1
TAGS_WEIGHT = 0.2
SCORE_WEIGHT = 0.05
"""These three are bounded so that they decide between near equals; the sum of the others is 1 to 4."""

RECENT_DAYS = 90.0
"""A thread of this age counts half as recent as one of today."""

DETAILED_LOG = 8.0
"""The logarithm of so many words that a longer question counts no more."""

HIGH_SCORE_LOG = 4.0
"""The logarithm of a score, about 50, above which more votes count no more."""

MOST_PAIRS = 16
"""Pairs of words of a title that are looked for."""

_GRAM_SIZES = (3, 4)
_WORD = re.compile(r"\w+")


def pairs_of(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the words of a title that stand next to each other, each pair once."""
    return tuple(dict.fromkeys(pairwise(words)))[:MOST_PAIRS]


def pair_shares(counts: NDArray[np.int64], *, threads: int) -> Floats:
    """Return for each candidate how much of the title's pairs it has, 0 to 2.

    `counts` has a row for each candidate and a column for each pair. A pair is as rare as it is among
    the candidates: those that have both words are among them.
    """
    if not counts.size:
        return np.zeros(len(counts))
    rarities = np.array([idf(threads, int(having)) for having in (counts > 0).sum(axis=0)])
    shares: Floats = (2 * counts / (counts + 1.0)) @ rarities / rarities.sum()
    return shares


def letter_likeness(asked: str, titles: Sequence[str]) -> Floats:
    """Return how alike the letters of each title are to those of the one that was asked, 0 to 1.

    It is the cosine of their sets of three and four letters in a row, weighted by how rare these are among
    the titles.
    """
    if not titles:
        return np.zeros(0)
    owners, grams = _grams([asked, *titles])
    is_asked = owners == 0
    known = np.bincount(grams[~is_asked], minlength=int(grams.max(initial=0)) + 1)
    weights = np.where(known, np.log(1 + len(titles) / (known + 0.5)) ** 2, 0.0)
    is_wanted = np.zeros(len(known), np.bool_)
    is_wanted[grams[is_asked]] = True
    counted = weights[grams]
    lengths = np.sqrt(np.bincount(owners, counted, len(titles) + 1))
    shared = np.bincount(owners, counted * is_wanted[grams], len(titles) + 1)
    norms = lengths[0] * lengths[1:]
    likeness: Floats = np.divide(shared[1:], norms, out=np.zeros(len(titles)), where=norms > 0)
    return likeness


def recency(ages_in_days: Floats) -> Floats:
    """Return how recent threads of these ages are: 1 of today, 0.5 after `RECENT_DAYS`, and so on."""
    recent: Floats = 1 / (1 + np.maximum(ages_in_days, 0.0) / RECENT_DAYS)
    return recent


def detail(words: Floats) -> Floats:
    """Return how much questions of so many words say, 0 to 1."""
    said: Floats = np.minimum(1.0, np.log1p(words) / DETAILED_LOG)
    return said


def esteem(scores: Floats) -> Floats:
    """Return how much the votes of a thread speak for it, 0 to 1; votes against it say it is no better."""
    standing: Floats = np.minimum(1.0, np.log1p(np.maximum(scores, 0.0)) / HIGH_SCORE_LOG)
    return standing


def by_itself(
    *, ages_in_days: Floats, words: Floats, is_solved: Floats, scores: Floats, tag_shares: Floats
) -> Floats:
    """Return what speaks for each thread whatever the words of the question are.

    `words` are the lengths of the threads' questions, `is_solved` and `tag_shares` lie between 0 and 1.
    """
    total: Floats = RECENT_WEIGHT * recency(ages_in_days)
    total += DETAIL_WEIGHT * detail(words)
    total += SOLVED_WEIGHT * is_solved
    total += SCORE_WEIGHT * esteem(scores)
    total += TAGS_WEIGHT * tag_shares
    return total


def tag_share(asked: Sequence[str], tags: Sequence[frozenset[str]]) -> Floats:
    """Return which part of the tags that were asked for each thread has, 0 to 1; threads' are folded."""
    wanted = frozenset(tag.lower() for tag in asked)
    if not wanted:
        return np.zeros(len(tags))
    return np.array([len(wanted & held) / len(wanted) for held in tags])


def _grams(titles: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which letters in a row each title has, once each: places of titles, and numbers of grams."""
    spaced = [f" {' '.join(_WORD.findall(title.lower()))} " for title in titles]
    characters = np.frombuffer("".join(spaced).encode("utf-32-le", "surrogatepass"), "<u4")
    # No text of some hundred titles has more than 65,535 different letters, so four of them fit in 64 bits.
    letters = np.unique(characters, return_inverse=True)[1].astype(np.uint64) + np.uint64(1)
    owners = np.repeat(np.arange(len(titles)), [len(text) for text in spaced])
    found, held_by = [], []
    for size in _GRAM_SIZES:
        codes = np.zeros(max(0, len(letters) - size + 1), np.uint64)
        for at in range(size):
            codes |= letters[at : at + len(codes)] << np.uint64(16 * at)
        is_whole = owners[: len(codes)] == owners[size - 1 :]
        found.append(codes[is_whole])
        held_by.append(owners[: len(codes)][is_whole])
    grams = np.unique(np.concatenate(found), return_inverse=True)[1]
    most = int(grams.max(initial=0)) + 1
    # NumPy's own way to leave out repetitions takes three times as long.
    once = np.sort(np.concatenate(held_by) * most + grams)
    once = once[np.diff(once, prepend=-1) > 0]
    return once // most, once % most
