"""What searches found last: an error message that many people have is searched for again and again."""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

from forum.search.engine import Hit, Hits
from forum.search.facets import Facets

RESULTS_KEPT = 200
"""Pages of results that are kept of a commit by each process, some 2 MB."""


@dataclass(frozen=True, slots=True)
class Results:
    """A page of results of one commit, which stays the same for as long as no newer commit is made."""

    total: int
    hits: tuple[Hit, ...]
    relaxed: bool
    facets: Facets | None
    until: float
    """In microseconds since 1970, up to when the counts by age are true."""

    def told(self, ignored: tuple[str, ...]) -> Hits:
        """Return them with what is said of the query, in the language of whoever asks."""
        return Hits(self.total, self.hits, relaxed=self.relaxed, ignored=ignored, facets=self.facets)


class KeptResults:
    """What was found in one commit, up to a number of pages; safe from several threads."""

    def __init__(self, most: int = RESULTS_KEPT) -> None:
        self._pages: OrderedDict[Hashable, Results] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def get(self, key: Hashable, *, at: int) -> Results | None:
        """Return what was found if it is still true at this moment, in microseconds since 1970."""
        with self._lock:
            found = self._pages.get(key)
            if found is None or found.until < at:
                return None
            self._pages.move_to_end(key)
            return found

    def put(self, key: Hashable, found: Results) -> None:
        """Keep what was found, and drop what nobody asked for the longest."""
        with self._lock:
            self._pages[key] = found
            self._pages.move_to_end(key)
            if len(self._pages) > self._most:
                self._pages.popitem(last=False)
