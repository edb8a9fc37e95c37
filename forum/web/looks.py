"""Counting looks at pages: what is read, what is searched for, and whether that helped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.wsgi import get_host

from forum.web.activity import Activity

MOST_FIELDS = 100
"""Parts of an address that are looked at; addresses of ours have few, and anybody can send others."""


@dataclass(frozen=True, slots=True)
class Look:
    """A page is given to somebody; kept pages are before Flask comes in, so all that is known is WSGI's."""

    activity: Activity
    visitor: str
    """What tells visitors apart for a short while; it stays in memory."""
    environ: dict[str, Any]

    def at_question(self, question_id: int, *, is_solved: bool) -> None:
        """Count that a question is opened, from the results of a search or otherwise."""
        self.activity.note_view(question_id, visitor=self.visitor)
        typed = self._search_before()
        if typed and not is_fetched_beforehand(self.environ):
            self.activity.note_opened(typed, visitor=self.visitor, is_solved=is_solved)

    def at_results(self, typed: str, *, total: int, relaxed: bool) -> None:
        """Count a search with `total` results; one for nothing, or by a browser beforehand, is none."""
        if typed.strip() and not is_fetched_beforehand(self.environ):
            self.activity.note_search(typed, visitor=self.visitor, results=total, relaxed=relaxed)

    def _search_before(self) -> str:
        """Return the text of the search on this site whose results the request comes from, or nothing."""
        referrer: str = self.environ.get("HTTP_REFERER", "")
        if not referrer:
            return ""
        try:
            before = urlsplit(referrer)
            here = self.environ.get("SCRIPT_NAME", "")
            if before.netloc != get_host(self.environ) or before.path != f"{here}/search":
                return ""
            return parse_qs(before.query, max_num_fields=MOST_FIELDS).get("q", [""])[0]
        except ValueError:
            return ""


def visitor_at(environ: Mapping[str, Any]) -> str:
    """Return what tells visitors who have not signed in apart."""
    return f"address {environ.get('REMOTE_ADDR')}"


def is_fetched_beforehand(environ: Mapping[str, Any]) -> bool:
    """Tell whether a browser fetches the page in case somebody opens it."""
    return "prefetch" in environ.get("HTTP_SEC_PURPOSE", "")
