"""The rows of a Stack Exchange data dump after validation: every value is of its type and within bounds.

Ids are those of the dump. Moments are aware and in UTC. A person is None where the dump names nobody, as it
does for deleted accounts; the name they had is then in the `..._name` beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class PostType(IntEnum):
    """The values of PostTypeId that are kept."""

    QUESTION = 1
    ANSWER = 2
    TAG_WIKI_EXCERPT = 4
    TAG_WIKI = 5


class VoteType(IntEnum):
    """The values of VoteTypeId that are kept."""

    ACCEPT = 1
    UP = 2
    DOWN = 3


class LinkType(IntEnum):
    """The values of LinkTypeId that are kept."""

    LINKED = 1
    DUPLICATE = 3


class HistoryType(IntEnum):
    """The values of PostHistoryTypeId that are kept: contents, and why a question was closed or reopened."""

    INITIAL_TITLE = 1
    INITIAL_BODY = 2
    INITIAL_TAGS = 3
    EDIT_TITLE = 4
    EDIT_BODY = 5
    EDIT_TAGS = 6
    ROLLBACK_TITLE = 7
    ROLLBACK_BODY = 8
    ROLLBACK_TAGS = 9
    CLOSED = 10
    REOPENED = 11


BODY_HISTORY = (HistoryType.INITIAL_BODY, HistoryType.EDIT_BODY, HistoryType.ROLLBACK_BODY)
TITLE_HISTORY = (HistoryType.INITIAL_TITLE, HistoryType.EDIT_TITLE, HistoryType.ROLLBACK_TITLE)
TAGS_HISTORY = (HistoryType.INITIAL_TAGS, HistoryType.EDIT_TAGS, HistoryType.ROLLBACK_TAGS)


@dataclass(frozen=True, slots=True)
class UserRow:
    id: int
    reputation: int
    created_at: datetime
    display_name: str
    last_seen_at: datetime | None
    website: str
    location: str
    about_html: str
    views: int


@dataclass(frozen=True, slots=True)
class PostRow:
    """A question, an answer or the wiki of a tag; `score` is None where the dump's number can't be used."""

    id: int
    type: PostType
    parent_id: int | None
    accepted_answer_id: int | None
    created_at: datetime
    score: int | None
    views: int
    body_html: str
    owner_id: int | None
    owner_name: str
    editor_id: int | None
    editor_name: str
    edited_at: datetime | None
    active_at: datetime | None
    title: str
    tags: tuple[str, ...]
    closed_at: datetime | None
    wiki_since: datetime | None


@dataclass(frozen=True, slots=True)
class CommentRow:
    id: int
    post_id: int
    score: int
    text: str
    created_at: datetime
    user_id: int | None
    user_name: str


@dataclass(frozen=True, slots=True)
class VoteRow:
    id: int
    post_id: int
    type: VoteType
    created_at: datetime
    user_id: int | None


@dataclass(frozen=True, slots=True)
class TagRow:
    id: int
    name: str
    excerpt_post_id: int | None
    wiki_post_id: int | None


@dataclass(frozen=True, slots=True)
class SynonymRow:
    id: int
    source: str
    target: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryRow:
    id: int
    type: HistoryType
    post_id: int
    revision: str
    created_at: datetime
    user_id: int | None
    user_name: str
    comment: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    id: int
    created_at: datetime
    post_id: int
    related_post_id: int
    type: LinkType


@dataclass(frozen=True, slots=True)
class BadgeRow:
    id: int
    user_id: int
    name: str
    awarded_at: datetime
    rank: int
    is_for_tag: bool


Row = UserRow | PostRow | CommentRow | VoteRow | TagRow | SynonymRow | HistoryRow | LinkRow | BadgeRow
