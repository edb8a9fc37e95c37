"""The words of a commit: those that begin in some way, and the likeliest for one that nobody wrote."""

from collections import Counter

from forum.search.analysis import fold
from forum.search.engines.whoosh_snapshots import Snapshot
from forum.search.spelling import likeliest, neighbours, slips_in

_MOST_ALIKE = 20_000
"""Words with the same first letters that are compared with one in which two slips are followed."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def commonest(snapshot: Snapshot, prefix: str, limit: int) -> tuple[str, ...]:
    """Return the commonest words of titles that begin so, commonest first."""
    beginning = fold(prefix.strip())
    if not beginning:
        return ()
    counts: Counter[str] = Counter()
    for part in snapshot.parts:
        for word in part.segment.terms("word", beginning):
            counts[word] += part.segment.frequency("word", word)
    return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:limit])


def correction(snapshot: Snapshot, word: str) -> str | None:
    """Return the likeliest word for one that no thread has; None if threads have it, or none that is near."""
    folded = fold(word)
    slips = slips_in(folded)

    def frequency(term: str) -> int:
        return snapshot.frequency("spelt", term)

    if not slips or frequency(folded):
        return None
    letters = sorted({*_ALPHABET, *folded})
    near = {term for term in neighbours(folded, letters) if frequency(term)}
    if not near and slips > 1:
        near = {
            term
            for part in snapshot.parts
            for term in part.segment.terms("spelt", folded[:2], most=_MOST_ALIKE)
            if abs(len(term) - len(folded)) <= slips
        }
    return likeliest(folded, near, frequency)
