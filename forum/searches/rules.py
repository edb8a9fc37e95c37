"""How a search is written down so that equal ones meet, and which of them may be shown."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from forum.accounts.rules import Actor
from forum.core.errors import Refused
from forum.core.i18n import gettext

TEXT_LENGTH = 120
"""Characters of a text that are kept; whoever searches for more mostly pastes a log with names in it."""

RETENTION_DAYS = 365
"""After so many days what was counted is deleted."""

SHOWN_FROM_SEARCHES = 3
SHOWN_FROM_DAYS = 2
"""A text is shown once it was searched for so often, or on so many days: one person's slip stays unseen."""

TEXTS_PER_DAY = 5000
"""Different texts that are kept of one day; of further ones only their number is."""

# What stands behind `user:` names a person, who is not what the search was about.
_PERSON = re.compile(r'(-?user:)(?:"[^"]*"?|\S+)', re.IGNORECASE)
# Control characters and halves of surrogate pairs, which no database takes.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_TAG = re.compile(r"(-?)\[([^\s\[\]]+)\]")
_WORD = re.compile(r"[^\W_]")


class Outcome(StrEnum):
    """How an attempt to ask ended, or what was said on the way."""

    SOLVED = "solved"
    """One of the threads that were shown solved it."""
    NONE_FIT = "none_fit"
    """The person said that none of the threads that were shown fits."""
    ASKED = "asked"
    """The question was posted."""


@dataclass(slots=True)
class SearchCounts:
    """Searches for one text on one day, and what came of them."""

    searches: int = 0
    empty: int = 0
    """Searches that found nothing."""
    relaxed: int = 0
    """Searches that found nothing with all the words, and something with some of them."""
    opened: int = 0
    """Searches of which a result was opened."""
    solved: int = 0
    """Searches of which a solved result was opened: they ended on a solved thread."""
    results: int = 0
    """What the last of the searches found."""

    def add(self, more: "SearchCounts") -> None:
        """Add counts that came later."""
        self.results = more.results if more.searches else self.results
        self.searches += more.searches
        self.empty += more.empty
        self.relaxed += more.relaxed
        self.opened += more.opened
        self.solved += more.solved


def refuse_insight(actor: Actor) -> None:
    """Raise Refused unless the person is a moderator."""
    if not actor.is_moderator:
        raise Refused("not a moderator", gettext("Only moderators can see what the community searches for."))


def normal_text(text: str) -> str:
    """Return what was searched for: folded, with single blanks, short, and without the names of people.

    It may be empty: nothing that could be learned from was searched for.
    """
    text = _UNPRINTABLE.sub(" ", unicodedata.normalize("NFKC", text)).casefold()
    plain = " ".join(_PERSON.sub(r"\1", text).split())[:TEXT_LENGTH].rstrip()
    return plain if _WORD.search(plain.replace("user:", "")) else ""


def tags_asked_for(text: str) -> tuple[str, ...]:
    """Return the tags that a normal text names in brackets, each once; not those that it excludes."""
    return tuple(dict.fromkeys(tag for minus, tag in _TAG.findall(text) if not minus))


def oldest_kept(today: date) -> date:
    """Return the first day whose counts are kept."""
    return today - timedelta(days=RETENTION_DAYS - 1)
