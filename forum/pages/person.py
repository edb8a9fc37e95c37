"""The page of a person, tab by tab."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.queries import Profile
from forum.accounts.rules import Actor
from forum.badges import queries as badges
from forum.badges.queries import Badge
from forum.core import clock
from forum.core.errors import NotFound
from forum.core.i18n import gettext
from forum.core.paging import Cursor, Page
from forum.pages import contribution_calendar
from forum.pages.contribution_calendar import Calendar
from forum.pages.reputation_graph import Graph, draw
from forum.posts.queries import authors
from forum.posts.queries.authors import AuthoredOrder, AuthoredPost, PostTitle, TopTag
from forum.posts.queries.contributions import contributions_by_day
from forum.reputation import queries as reputation
from forum.reputation.queries import LedgerLine
from forum.shares.queries import Shares, shares_of
from forum.shares.rules import BADGES


class Tab(StrEnum):
    """The parts of the page."""

    SUMMARY = "summary"
    QUESTIONS = "questions"
    ANSWERS = "answers"
    REPUTATION = "reputation"
    BADGES = "badges"


@dataclass(frozen=True, slots=True)
class Summary:
    """The best of what somebody wrote."""

    tags: tuple[TopTag, ...]
    questions: tuple[AuthoredPost, ...]
    answers: tuple[AuthoredPost, ...]
    graph: Graph | None
    calendar: Calendar | None
    shares: Shares | None
    """What the person's shared links brought, for nobody but them."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A page of somebody's ledger, with the posts that its lines are about."""

    lines: Page[LedgerLine]
    titles: dict[int, PostTitle]
    graph: Graph | None


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The head of the page, and the contents of one tab."""

    profile: Profile
    question_count: int
    answer_count: int
    tab: Tab
    order: AuthoredOrder
    may_issue_claim: bool
    summary: Summary | None = None
    posts: Page[AuthoredPost] | None = None
    ledger: Ledger | None = None
    badges: tuple[Badge, ...] = ()


_BEST = 5
_SHARING_BADGES = frozenset(badge.name for badge in BADGES)


def load(
    session: Session, viewer: Actor | None, user_id: int, tab: Tab, *, order: AuthoredOrder, at: str | None
) -> PersonPage:
    """Return a tab of the page of a person, in seven statements at most, one more to the person itself.

    Raise NotFound when there is no such person, Invalid for a cursor that is none.
    """
    profile = accounts.profile(session, user_id)
    if profile is None:
        raise NotFound(gettext("There is no such person here."))
    counts = authors.post_counts(session, user_id)
    may_issue_claim = viewer is not None and viewer.is_admin and not profile.is_claimed
    head = (profile, counts["question"], counts["answer"], tab, order, may_issue_claim)
    if tab is Tab.SUMMARY:
        return PersonPage(*head, summary=_summary(session, viewer, profile))
    if tab is Tab.REPUTATION:
        return PersonPage(*head, ledger=_ledger(session, profile, at))
    if tab is Tab.BADGES:
        return PersonPage(*head, badges=tuple(map(_titled, badges.badges_of(session, user_id))))
    read = authors.questions_of if tab is Tab.QUESTIONS else authors.answers_of
    cursor = authors.cursor_of(at, order=order)
    return PersonPage(*head, posts=read(session, user_id, viewer, order, cursor))


def _titled(badge: Badge) -> Badge:
    """Return a badge with its name as people read it; those that only other sites award keep theirs."""
    is_ours = not badge.is_for_tag and badge.name in _SHARING_BADGES
    return replace(badge, name=gettext(badge.name)) if is_ours else badge


def _summary(session: Session, viewer: Actor | None, profile: Profile) -> Summary:
    questions = authors.questions_of(session, profile.id, viewer, AuthoredOrder.SCORE, None)
    answers = authors.answers_of(session, profile.id, viewer, AuthoredOrder.SCORE, None)
    return Summary(
        tags=authors.top_tags(session, profile.id),
        questions=questions.rows[:_BEST],
        answers=answers.rows[:_BEST],
        graph=_graph(session, profile),
        calendar=_calendar(session, profile),
        shares=shares_of(session, profile.id) if viewer is not None and viewer.id == profile.id else None,
    )


def _ledger(session: Session, profile: Profile, at: str | None) -> Ledger:
    lines = reputation.history(session, profile.id, Cursor.parse(at, of=int))
    posts = sorted({line.post_id for line in lines.rows if line.post_id is not None})
    return Ledger(lines=lines, titles=authors.titles_of(session, posts), graph=_graph(session, profile))


def _calendar(session: Session, profile: Profile) -> Calendar | None:
    today = clock.now().date()
    since = contribution_calendar.beginning(today)
    return contribution_calendar.draw(contributions_by_day(session, profile.id, since=since), today=today)


def _graph(session: Session, profile: Profile) -> Graph | None:
    days = reputation.days_of(session, profile.id)
    return draw(days, today=clock.now().date()) if days else None
