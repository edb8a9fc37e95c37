"""The list of what a person has saved, and the page of what newly matches one of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forum.accounts.rules import Actor
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.posts.rules import answer_path, question_path
from forum.saved_searches import queries
from forum.saved_searches.queries import Saved
from forum.saved_searches.rules import MOST_SAVED
from forum.search.queries import FoundPost, found_posts


@dataclass(frozen=True, slots=True)
class Match:
    """A thread that newly matches, and the post that makes it new: its latest answer, or the question."""

    thread: FoundPost
    latest: FoundPost

    @property
    def url(self) -> str:
        """The path that leads to the latest post."""
        if self.latest.is_answer:
            return answer_path(self.latest.id)
        return question_path(self.thread.id, self.thread.slug)


@dataclass(frozen=True, slots=True)
class SavedSearches:
    """What a person has saved: first what has new matches, then the rest, each the latest first."""

    searches: tuple[Saved, ...]

    @property
    def is_full(self) -> bool:
        """Whether there is room for no other one."""
        return len(self.searches) >= MOST_SAVED


@dataclass(frozen=True, slots=True)
class NewMatches:
    """What newly matches a saved search; `seen_until` is the moment of the latest match that is shown."""

    search: Saved
    matches: tuple[Match, ...]
    seen_until: datetime | None

    @property
    def left(self) -> int:
        """How many new matches are not shown yet."""
        return max(0, self.search.new_count - len(self.matches))


def listed(session: Session, viewer: Actor) -> SavedSearches:
    """Return what a person has saved; one statement."""
    searches = queries.of_person(session, viewer.id)
    return SavedSearches(tuple(sorted(searches, key=lambda search: search.new_count == 0)))


def load(session: Session, viewer: Actor, saved_search_id: int) -> NewMatches:
    """Return what newly matches a saved search, in three statements; raise NotFound for somebody else's."""
    search = queries.one(session, viewer.id, saved_search_id)
    if search is None:
        raise NotFound(gettext("You have no such saved search; it may have been deleted."))
    noted = queries.new_matches(session, search.id)
    posts = found_posts(session, {one.thread_id for one in noted} | {one.post_id for one in noted})
    return NewMatches(
        search=search,
        matches=tuple(
            Match(thread, posts.get(one.post_id, thread))
            for one in noted
            if (thread := posts.get(one.thread_id)) is not None
        ),
        seen_until=max((one.noted_at for one in noted), default=None),
    )


def saved_as(session: Session, viewer: Actor | None, text: str) -> Saved | None:
    """Return the saved search that asks for the same as the text, None for visitors; one statement."""
    return queries.by_text(session, viewer.id, text) if viewer and text.strip() else None
