"""Searches that wait in memory to be counted, each once for a visitor and half an hour.

Who searched is remembered here, as long as it takes to tell a reload from a new search, and never written.
"""

from datetime import date

from forum.core import clock
from forum.searches.rules import SearchCounts, normal_text
from forum.web.lately import Lately

SEARCH_COUNTS_AGAIN_AFTER = 30 * 60
"""Seconds for which the same visitor's search for the same text is no new search."""
REMEMBERED_SEARCHES = 50_000
"""How many searches are remembered at most, in each process, to tell new ones from repeated ones."""
PENDING_TEXTS = 2000
"""How many texts may wait to be written; beyond it, only the number of searches is counted."""

_Deed = tuple[str, str, str]


class PendingSearches:
    """The searches of one process since they were last written; callers hold a lock."""

    def __init__(self) -> None:
        self._counts: dict[tuple[date, str], SearchCounts] = {}
        self._lately: Lately[_Deed] = Lately(seconds=SEARCH_COUNTS_AGAIN_AFTER, limit=REMEMBERED_SEARCHES)

    def __len__(self) -> int:
        """Return how many texts wait."""
        return len(self._counts)

    def add_search(self, typed: str, *, visitor: str, results: int, relaxed: bool) -> bool:
        """Count a search, and tell whether it was a new one; `results` is how many threads were found."""
        text = normal_text(typed)
        if not self._lately.is_new(("search", visitor, text)):
            return False
        for deed in ("open", "solve"):
            self._lately.forget((deed, visitor, text))
        counts = SearchCounts(searches=1, empty=int(results == 0), relaxed=int(relaxed), results=results)
        self._add(text, counts)
        return True

    def add_opened(self, typed: str, *, visitor: str, is_solved: bool) -> bool:
        """Count that a result was opened, once for each search at most, and tell whether it counted."""
        text = normal_text(typed)
        opened = self._lately.is_new(("open", visitor, text))
        solved = is_solved and self._lately.is_new(("solve", visitor, text))
        if opened or solved:
            self._add(text, SearchCounts(opened=int(opened), solved=int(solved)))
        return opened or solved

    def take(self) -> dict[tuple[date, str], SearchCounts]:
        """Hand over what was counted, to be written."""
        counts, self._counts = self._counts, {}
        return counts

    def put_back(self, counts: dict[tuple[date, str], SearchCounts]) -> None:
        """Keep what could not be written, with what came meanwhile."""
        later, self._counts = self._counts, counts
        for (day, text), more in later.items():
            self._add(text, more, day=day)

    def _add(self, text: str, counts: SearchCounts, *, day: date | None = None) -> None:
        day = day or clock.now().date()
        if (day, text) not in self._counts and len(self._counts) >= PENDING_TEXTS:
            text = ""
        self._counts.setdefault((day, text), SearchCounts()).add(counts)
