"""How many searches a person may keep, what they are called, and when two of them are the same."""

import re
import unicodedata
from datetime import datetime, timedelta

from forum.core.errors import Invalid, Refused
from forum.core.i18n import gettext

MOST_SAVED = 50
"""Saved searches of one person; each is looked for again and again, so their number is bounded."""
NAME_LENGTH = 80
TEXT_LENGTH = 256
"""The characters of a search that count; the query language reads no more (forum.search.syntax)."""
MOST_MATCHES = 500
"""Matches kept for one saved search; of a search that fits everything the older ones go."""
SORTS = ("relevance", "newest", "active", "score")

COMMIT_SLACK = timedelta(seconds=60)
"""What was written less than this ago may not be committed yet; a transaction takes seconds at most."""
LONGEST_LAG = timedelta(days=1)
"""How long the index is waited for; a thread that can't be indexed for longer is not announced."""

_JOINTS = frozenset({"OR", "AND", "NOT"})


def check_text(text: str) -> str:
    """Return the text of a search as it was typed, without blanks around it; raise Invalid for none."""
    text = text.strip()
    if not text:
        raise Invalid("text", gettext("Search for something first, then save the search."))
    if len(text) > TEXT_LENGTH:
        raise Invalid(
            "text",
            gettext(
                "Only %(most)s characters of a search count. Shorten it, then save it again.",
                most=TEXT_LENGTH,
            ),
        )
    return text


def check_name(name: str, *, text: str) -> str:
    """Return the name with its blanks put in order, or the beginning of the text for an empty one.

    Raise Invalid for a name that is too long.
    """
    name = re.sub(r"\s+", " ", name).strip()
    if len(name) > NAME_LENGTH:
        raise Invalid("name", gettext("A name has at most %(most)s characters.", most=NAME_LENGTH))
    return name or re.sub(r"\s+", " ", text).strip()[:NAME_LENGTH]


def check_sort(sort: str) -> str:
    """Return the order of the results if it is one that searches have, else that by relevance."""
    return sort if sort in SORTS else SORTS[0]


def text_key(text: str) -> str:
    """Return what no two saved searches of a person share: blanks and case make no other search.

    The words that join others count only in capitals, so these keep their case.
    """
    words = unicodedata.normalize("NFC", text).split()
    return " ".join(word if word in _JOINTS else word.casefold() for word in words)


def refuse_save(*, saved_count: int) -> None:
    """Raise Refused when a person keeps as many searches as they may."""
    if saved_count >= MOST_SAVED:
        raise Refused(
            "saved searches",
            gettext(
                "You keep %(count)s saved searches, and %(most)s is the most. Delete one that you need no "
                "more, then save this one.",
                count=saved_count,
                most=MOST_SAVED,
            ),
        )


def looked_until(*, now: datetime, lag: timedelta) -> datetime:
    """Return up to which moment everything is in the index, so that the next look begins there.

    `lag` is how long the oldest change has waited for the index.
    """
    return now - min(lag + COMMIT_SLACK, LONGEST_LAG)
