"""Where a draft belongs, what it may hold, and how long it is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from forum.core.errors import Invalid, Refused
from forum.core.i18n import gettext

KEPT_DAYS = 90
"""Days after the last key for which a draft is kept: a season, longer than anybody's holidays."""
MOST_DRAFTS = 100
"""Drafts of one person; for one more, the oldest goes."""
DISCARDED_HOURS = 24
"""Hours for which a discarded draft can be brought back: until the next day shows that it was needed."""
MOST_DISCARDED = 100
"""Discarded drafts of one person that are kept at once; for one more, the oldest goes."""
SAFE_FOR = timedelta(days=1)
"""What was typed in so much time never goes to make room for another draft."""
SOURCE_LENGTH = 100_000
"""More than three times the longest post, so that a text is kept while it still has to be shortened."""
LINE_LENGTH = 2_000
"""The same for title, tags and summary."""

_PLACE = re.compile(r"(question|(answer|edit|comment|comment-edit)-([1-9][0-9]{0,17}))")
# No database keeps NUL, and nobody types the others.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Kind(StrEnum):
    """What is being written."""

    QUESTION = "question"
    ANSWER = "answer"
    EDIT = "edit"
    COMMENT = "comment"
    COMMENT_EDIT = "comment-edit"


@dataclass(frozen=True, slots=True)
class Place:
    """What is written where: a question, an answer to one, a comment on a post, an edit.

    `subject_id` is the question, post or comment that it is about, and 0 for a new question.
    """

    kind: Kind
    subject_id: int = 0

    def __str__(self) -> str:
        """Return the name under which forms and addresses know the place, such as answer-42."""
        return f"{self.kind}-{self.subject_id}" if self.subject_id else str(self.kind)


@dataclass(frozen=True, slots=True)
class Wording:
    """What stands in the fields of a form; those that it does not have are empty."""

    source: str = ""
    title: str = ""
    tags: str = ""
    summary: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written in any field."""
        return not any(text.strip() for text in (self.source, self.title, self.tags, self.summary))

    @property
    def plain_source(self) -> str:
        """The text as a post would keep it."""
        return posted(self.source)


def place_named(name: str) -> Place | None:
    """Return the place of a name such as answer-42, or None for what is no such name."""
    found = _PLACE.fullmatch(name)
    if found is None:
        return None
    return Place(Kind(found[2]), int(found[3])) if found[2] else Place(Kind.QUESTION)


def posted(source: str) -> str:
    """Return a text with the line ends and without the outer blanks that a post of it would not have."""
    return source.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def check_wording(wording: Wording) -> Wording:
    """Return what can be stored of the fields; raise Invalid for a text that is too long for a draft."""
    if len(wording.source) > SOURCE_LENGTH:
        raise Invalid(
            "source",
            gettext(
                "A draft has at most %(most)s characters; shorten the text, then save it.", most=SOURCE_LENGTH
            ),
        )
    for name in ("title", "tags", "summary"):
        if len(getattr(wording, name)) > LINE_LENGTH:
            message = gettext(
                "This has at most %(most)s characters in a draft; shorten it.", most=LINE_LENGTH
            )
            raise Invalid(name, message)
    return replace(
        wording,
        source=_storable(wording.source),
        title=_storable(wording.title),
        tags=_storable(wording.tags),
        summary=_storable(wording.summary),
    )


def oldest_to_drop(saved_at: Sequence[datetime], *, now: datetime) -> int:
    """Return how many of the oldest drafts must go for one more; raise Refused if they are too new for that.

    `saved_at` are the moments at which the drafts were last saved, the oldest first.
    """
    surplus = max(0, len(saved_at) + 1 - MOST_DRAFTS)
    if surplus and saved_at[surplus - 1] > now - SAFE_FOR:
        raise Refused(
            "drafts",
            gettext(
                "You began %(most)s texts within a day, and no more drafts are kept. Discard some on the "
                "page of your drafts, then go on here.",
                most=MOST_DRAFTS,
            ),
        )
    return surplus


def _storable(text: str) -> str:
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
