"""Which word of the site somebody meant who typed one that the site doesn't have.

Near is counted in letters changed, missing, added or swapped with their neighbour (the Damerau-Levenshtein
distance in its restricted form): these are nearly all slips of fingers. Short words and words with digits or
signs are left alone, since for them something near is mostly something else.
"""

from collections.abc import Callable, Iterable, Iterator

MIN_LETTERS = 4
LONG_LETTERS = 8
"""From so many letters on, two slips are followed."""

_LONGEST = 24
"""Longer words are pasted rather than typed, and have too many neighbours to look each up."""


def slips_in(word: str) -> int:
    """Return how many slips are followed in this word: none, one or two."""
    if not MIN_LETTERS <= len(word) <= _LONGEST or not word.isalpha():
        return 0
    return 2 if len(word) >= LONG_LETTERS else 1


def neighbours(word: str, alphabet: Iterable[str]) -> Iterator[str]:
    """Yield the words that are one slip away, some of them more than once."""
    letters = tuple(alphabet)
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in letters:
            yield before + letter + after
            if after and after[0] != letter:
                yield before + letter + after[1:]


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many slips lie between two words, or `most` + 1 as soon as there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before_last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before_last, last = last, row
    return min(last[-1], most + 1)


def likeliest(word: str, candidates: Iterable[str], frequency: Callable[[str], int]) -> str | None:
    """Return the candidate with the fewest slips; among equals the commonest, then the first by alphabet."""
    most = slips_in(word)
    best: tuple[int, int, str] | None = None
    for candidate in candidates:
        slips = distance(word, candidate, most=most)
        if 0 < slips <= most:
            rank = (slips, -frequency(candidate), candidate)
            best = rank if best is None else min(best, rank)
    return best[2] if best else None
