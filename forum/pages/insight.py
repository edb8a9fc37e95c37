"""What the community searches for and does not find, and how often asking again could be avoided."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from forum.core import clock
from forum.pages.insight_charts import Chart, charts
from forum.pages.insight_gaps import Gap, gaps
from forum.pages.insight_periods import Counts, Span, added_up, total
from forum.searches import queries
from forum.searches.queries import AskedAgain, TextCounts
from forum.tags import queries as tags

ROWS_SHOWN = 20
"""Rows of each table on the page; its CSV file has all."""
KNOWN_TAGS = 1000
"""The commonest tags, whose names are looked for in searches that found nothing."""


@dataclass(frozen=True, slots=True)
class InsightPage:
    """Figures of a span of days, and tables of what is frequent in it; no person is in any of them."""

    span: Span
    first: date
    last: date
    whole: Counts
    periods: tuple[Counts, ...]
    nothing_found: tuple[TextCounts, ...]
    nothing_opened: tuple[TextCounts, ...]
    asked_again: tuple[AskedAgain, ...]
    gaps: tuple[Gap, ...]
    newest_only: int | None
    """How many of the newest questions the gaps are read off, when there are more."""

    @property
    def charts(self) -> tuple[Chart, ...]:
        """The periods, drawn; none when nothing was counted."""
        return charts(self.periods, self.whole)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted yet."""
        return not (self.whole.searches or self.whole.attempts or self.whole.none_fit)


def load(session: Session, span: Span) -> InsightPage:
    """Read the span of days up to today (UTC), in eight statements."""
    last = clock.now().date()
    first = span.since(last)
    periods = added_up(
        queries.searches_by_day(session, first),
        queries.outcomes_by_day(session, first),
        first=first,
        last=last,
    )
    nothing_found = queries.nothing_found(session, first)
    questions = queries.asked_questions(session, first)
    return InsightPage(
        span=span,
        first=first,
        last=last,
        whole=total(periods, first=first, last=last),
        periods=periods,
        nothing_found=nothing_found,
        nothing_opened=queries.nothing_opened(session, first),
        asked_again=queries.asked_again(session, first),
        gaps=gaps(
            questions,
            nothing_found,
            queries.unfitted(session, first),
            tags=(tag.name for tag in tags.popular(session, limit=KNOWN_TAGS)),
        ),
        newest_only=len(questions) if len(questions) == queries.MOST_QUESTIONS else None,
    )
