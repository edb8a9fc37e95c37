"""Which pieces of texts hold a term, without taking the texts apart.

A piece is what stands between two blanks. No word reaches over a blank, so the words of a text are those of
its pieces, and texts repeat most of theirs.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from threading import Lock

PIECES_KEPT = 20_000
"""How many pieces a process remembers; with their terms that takes some 5 MB."""

LONGEST_PIECE = 64
"""Characters of a piece that is remembered; longer ones are addresses, or sentences without blanks."""


class Pieces:
    """Pieces that were read before, by the terms that they hold; safe from several threads."""

    def __init__(self, terms_in: Callable[[str], Collection[str]], *, most: int = PIECES_KEPT) -> None:
        self._terms_in = terms_in
        self._most = most
        self._known: set[str] = set()
        self._holding: defaultdict[str, list[str]] = defaultdict(list)
        self._lock = Lock()

    def holding(self, terms: Iterable[str], pieces: set[str]) -> set[str]:
        """Return those of the pieces that hold any of the terms."""
        with self._lock:
            unread = pieces - self._known
            if len(self._known) + len(unread) > self._most:
                self._known.clear()
                self._holding.clear()
                unread = pieces
            found = {piece for piece in unread if self._read(piece, terms)}
            for term in terms:
                found.update(pieces.intersection(self._holding.get(term, ())))
        return found

    def known(self, terms: Iterable[str]) -> set[str]:
        """Return the pieces that were read before and hold any of the terms."""
        with self._lock:
            return {piece for term in terms for piece in self._holding.get(term, ())}

    def _read(self, piece: str, terms: Iterable[str]) -> bool:
        """Remember a piece if it is not too long, and return whether it holds any of the terms."""
        held = self._terms_in(piece)
        if len(piece) <= LONGEST_PIECE:
            self._known.add(piece)
            for term in held:
                self._holding[term].append(piece)
        return not frozenset(terms).isdisjoint(held)
