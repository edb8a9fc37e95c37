"""What the counts say about a time: by day, by text, by question. Every list is bounded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from forum.posts.models import Post
from forum.searches import rules
from forum.searches.models import AskOutcome, SearchDay, SearchText
from forum.searches.rules import Outcome

MOST_TEXTS = 2000
"""Texts of one list; the rarest beyond it are left out."""
MOST_QUESTIONS = 5000
"""Questions of one time that are looked at, the newest of them."""


@dataclass(frozen=True, slots=True)
class DayCounts:
    """The searches of one day."""

    day: date
    searches: int
    empty: int
    relaxed: int
    opened: int
    solved: int


@dataclass(frozen=True, slots=True)
class DayOutcomes:
    """How often asking ended in one way on one day; `offered_solved` of them were shown a solved thread."""

    day: date
    outcome: Outcome
    count: int
    offered_solved: int


@dataclass(frozen=True, slots=True)
class TextCounts:
    """What was searched for, with what came of it; `results` is what the last search found."""

    text: str
    searches: int
    days: int
    empty: int
    relaxed: int
    opened: int
    results: int
    last_day: date


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """A question that was asked although a solved thread had been offered; both are visible."""

    day: date
    question_id: int
    title: str
    slug: str
    solved_id: int
    solved_title: str
    solved_slug: str


@dataclass(frozen=True, slots=True)
class Unfitted:
    """What somebody wanted to ask when none of the threads that were offered fitted."""

    title: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A visible question, and when it got its first visible answer."""

    tags: tuple[str, ...]
    answer_count: int
    created_at: datetime
    first_answer_at: datetime | None


def searches_by_day(session: Session, since: date) -> tuple[DayCounts, ...]:
    """Return the days with searches from `since` on; one statement."""
    columns = (
        SearchDay.day,
        SearchDay.search_count,
        SearchDay.empty_count,
        SearchDay.relaxed_count,
        SearchDay.opened_count,
        SearchDay.solved_count,
    )
    rows = session.execute(select(*columns).where(SearchDay.day >= since).order_by(SearchDay.day))
    return tuple(DayCounts(*row) for row in rows)


def outcomes_by_day(session: Session, since: date) -> tuple[DayOutcomes, ...]:
    """Return how asking ended from `since` on; one statement."""
    offered = func.count(AskOutcome.solved_id)
    rows = session.execute(
        select(AskOutcome.day, AskOutcome.outcome, func.count(), offered)
        .where(AskOutcome.day >= since)
        .group_by(AskOutcome.day, AskOutcome.outcome)
        .order_by(AskOutcome.day, AskOutcome.outcome)
    )
    return tuple(DayOutcomes(day, Outcome(outcome), count, solved) for day, outcome, count, solved in rows)


def nothing_found(session: Session, since: date) -> tuple[TextCounts, ...]:
    """Return the texts whose searches found nothing, the most frequent first; one statement."""
    return _texts(session, since, by=func.sum(SearchText.empty_count))


def nothing_opened(session: Session, since: date) -> tuple[TextCounts, ...]:
    """Return the texts that found something of which nothing was opened, the most frequent first."""
    return _texts(session, since, by=func.sum(_unopened))


def asked_again(session: Session, since: date, *, limit: int = MOST_TEXTS) -> tuple[AskedAgain, ...]:
    """Return the questions that were asked although a solved thread was offered, newest first."""
    question, solved = aliased(Post), aliased(Post)
    rows = session.execute(
        select(
            AskOutcome.day,
            question.id,
            func.coalesce(question.title, ""),
            question.slug,
            solved.id,
            func.coalesce(solved.title, ""),
            solved.slug,
        )
        .join(question, (question.id == AskOutcome.thread_id) & question.deleted_at.is_(None))
        .join(solved, (solved.id == AskOutcome.solved_id) & solved.deleted_at.is_(None))
        .where(AskOutcome.day >= since, AskOutcome.outcome == Outcome.ASKED.value)
        .order_by(AskOutcome.day.desc(), AskOutcome.id.desc())
        .limit(limit)
    )
    return tuple(AskedAgain(*row) for row in rows)


def unfitted(session: Session, since: date) -> tuple[Unfitted, ...]:
    """Return what was about to be asked when no offered thread fitted, newest first; one statement."""
    rows = session.execute(
        select(AskOutcome.title, AskOutcome.tag_names)
        .where(AskOutcome.day >= since, AskOutcome.outcome == Outcome.NONE_FIT.value)
        .order_by(AskOutcome.day.desc(), AskOutcome.id.desc())
        .limit(MOST_TEXTS)
    )
    return tuple(Unfitted(title, tuple(tags.split())) for title, tags in rows)


def asked_questions(session: Session, since: date) -> tuple[AskedQuestion, ...]:
    """Return the newest questions that were asked from `since` on (UTC); one statement."""
    answer = aliased(Post)
    first = (
        select(func.min(answer.created_at))
        .where(answer.question_id == Post.id, answer.deleted_at.is_(None))
        .scalar_subquery()
    )
    rows = session.execute(
        select(Post.tag_names, Post.answer_count, Post.created_at, first)
        .where(
            Post.kind == "question",
            Post.deleted_at.is_(None),
            Post.created_at >= datetime.combine(since, time.min, UTC),
        )
        .order_by(Post.created_at.desc(), Post.id.desc())
        .limit(MOST_QUESTIONS)
    )
    return tuple(
        AskedQuestion(tuple(tags.split()), answers, created_at, first_at)
        for tags, answers, created_at, first_at in rows
    )


# Processes count what was searched and what was opened apart, so a day may have more of the second.
_unopened: ColumnElement[int] = case(
    (
        SearchText.search_count > SearchText.empty_count + SearchText.opened_count,
        SearchText.search_count - SearchText.empty_count - SearchText.opened_count,
    ),
    else_=0,
)


def _texts(session: Session, since: date, *, by: ColumnElement[int]) -> tuple[TextCounts, ...]:
    searches, days = func.sum(SearchText.search_count), func.count()
    texts = (
        select(
            SearchText.text,
            searches.label("searches"),
            days.label("days"),
            func.sum(SearchText.empty_count).label("empty"),
            func.sum(SearchText.relaxed_count).label("relaxed"),
            func.sum(SearchText.opened_count).label("opened"),
            func.max(SearchText.day).label("last_day"),
            by.label("weight"),
        )
        .where(SearchText.day >= since, SearchText.search_count > 0)
        .group_by(SearchText.text)
        .having(by > 0, or_(searches >= rules.SHOWN_FROM_SEARCHES, days >= rules.SHOWN_FROM_DAYS))
        .order_by(by.desc(), SearchText.text)
        .limit(MOST_TEXTS)
        .subquery()
    )
    last, of = aliased(SearchText), texts.c
    rows = session.execute(
        select(of.text, of.searches, of.days, of.empty, of.relaxed, of.opened, last.result_count, of.last_day)
        .join(last, (last.text == of.text) & (last.day == of.last_day))
        .order_by(of.weight.desc(), of.text)
    )
    return tuple(TextCounts(*row) for row in rows)
