"""Counting searches, noting how asking ended, and forgetting both in time."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.inserts import insert_into
from forum.posts.models import Post
from forum.searches import rules
from forum.searches.models import AskOutcome, SearchDay, SearchText
from forum.searches.rules import Outcome, SearchCounts

MOST_OFFERED = 20
"""Threads of one offer that are looked at; forms are made by anybody, and no list shows more."""

_COUNTS = ("search_count", "empty_count", "relaxed_count", "opened_count", "solved_count")
_Row: TypeAlias = dict[str, Any]


def count_searches(session: Session, counts: Mapping[tuple[date, str], SearchCounts]) -> None:
    """Add to the counts of each day and of each normal text; the empty text counts for its day only.

    Each row is changed by one atomic statement, in the same order everywhere, so that processes which
    count the same text at once lose nothing and don't wait for each other in a circle.
    """
    days: dict[date, SearchCounts] = {}
    for (day, _text), more in counts.items():
        days.setdefault(day, SearchCounts()).add(more)
    if not days:
        return
    _add(session, SearchDay, [{"day": day, **_columns(days[day])} for day in sorted(days)])
    rows = []
    for day in sorted(days):
        texts = [text for counted, text in counts if counted == day and text]
        rows += [_text_row(day, text, counts[day, text]) for text in sorted(_kept(session, day, texts))]
    if rows:
        _add(session, SearchText, rows)


def note_outcome(
    session: Session,
    *,
    outcome: Outcome,
    title: str,
    thread_id: int | None,
    offered: Sequence[int],
    tags: Sequence[str],
) -> None:
    """Write down how an attempt to ask ended; `offered` are the threads that were shown, best first.

    `thread_id` is the thread that solved it or the question that was asked. Ids of no visible question
    are left out, because forms bring them. Two statements.
    """
    offered = tuple(dict.fromkeys(offered))[:MOST_OFFERED]
    accepted = _accepted(session, {*offered, *([thread_id] if thread_id is not None else [])})
    shown = [id for id in offered if id in accepted]
    session.add(
        AskOutcome(
            day=clock.now().date(),
            outcome=outcome.value,
            title=rules.normal_text(title),
            thread_id=thread_id if thread_id in accepted else None,
            offered_count=len(shown),
            solved_id=next((id for id in shown if accepted[id] is not None), None),
            tag_names=" ".join(tags),
        )
    )
    session.flush()


def forget_old(session: Session) -> None:
    """Delete what is older than the retention."""
    first = rules.oldest_kept(clock.now().date())
    for table in (SearchText, SearchDay, AskOutcome):
        session.execute(delete(table).where(table.day < first))


def _accepted(session: Session, question_ids: set[int]) -> dict[int, int | None]:
    """Return the accepted answer, or None, of those ids that are visible questions."""
    is_visible = (Post.kind == "question") & Post.deleted_at.is_(None)
    rows = session.execute(
        select(Post.id, Post.accepted_answer_id).where(Post.id.in_(question_ids), is_visible)
    )
    return {row.id: row.accepted_answer_id for row in rows}


def _kept(session: Session, day: date, texts: Sequence[str]) -> Sequence[str]:
    """Return the texts that the day has room for; those that it has already always are."""
    of_day = SearchText.day == day
    number = session.execute(select(func.count()).select_from(SearchText).where(of_day)).scalar_one()
    if number + len(texts) <= rules.TEXTS_PER_DAY:
        return texts
    known = set(session.scalars(select(SearchText.text).where(of_day, SearchText.text.in_(texts))))
    new = [text for text in texts if text not in known]
    return [*known, *new[: max(0, rules.TEXTS_PER_DAY - number)]]


def _text_row(day: date, text: str, counts: SearchCounts) -> _Row:
    tags = " ".join(rules.tags_asked_for(text))
    return {"day": day, "text": text, **_columns(counts), "result_count": counts.results, "tag_names": tags}


def _columns(counts: SearchCounts) -> _Row:
    values = (counts.searches, counts.empty, counts.relaxed, counts.opened, counts.solved)
    return dict(zip(_COUNTS, values, strict=True))


def _add(session: Session, table: type[SearchDay] | type[SearchText], rows: list[_Row]) -> None:
    """Insert the rows, or add their counts to those that are there."""
    statement = insert_into(session, table)
    added = {name: getattr(table, name) + statement.excluded[name] for name in _COUNTS}
    if table is SearchText:
        # Rows of opened results alone say nothing about how many there were.
        is_searched = statement.excluded.search_count > 0
        kept = case((is_searched, statement.excluded.result_count), else_=SearchText.result_count)
        added["result_count"] = kept
    keys = ["day", "text"] if table is SearchText else ["day"]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)
