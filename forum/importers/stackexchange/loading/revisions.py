"""Putting the revisions of a post together from the rows of its history.

A dump has one row for each thing that a revision set: the title, the text, the tags. Rows with the same GUID
belong together; what a revision left alone it has from the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from forum.importers.stackexchange.fields import parse_tags
from forum.importers.stackexchange.rows import BODY_HISTORY, TAGS_HISTORY, TITLE_HISTORY, HistoryType

_ROLLBACKS = (HistoryType.ROLLBACK_TITLE, HistoryType.ROLLBACK_BODY, HistoryType.ROLLBACK_TAGS)


@dataclass(frozen=True, slots=True)
class Draft:
    """A revision as the dump has it; people are named by their ids there."""

    number: int
    author_id: int | None
    author_name: str
    created_at: datetime
    summary: str
    source: str
    title: str
    tag_names: str
    rolled_back_to: int | None
    history_ids: tuple[int, ...]


def revisions_in(rows: Sequence[Row[Any]]) -> list[Draft]:
    """Return the revisions that the history rows of one post describe, the first one first."""
    groups: dict[str, list[Row[Any]]] = {}
    contents = (*TITLE_HISTORY, *BODY_HISTORY, *TAGS_HISTORY)
    for row in sorted(rows, key=lambda row: row.id):
        if row.type in contents:
            groups.setdefault(row.revision or f"#{row.id}", []).append(row)
    drafts: list[Draft] = []
    for group in sorted(groups.values(), key=lambda group: (group[0].created_at, group[0].id)):
        drafts.append(_draft(group, drafts))
    return drafts


def _draft(group: list[Row[Any]], earlier: list[Draft]) -> Draft:
    first = group[0]
    before = earlier[-1] if earlier else None
    draft = Draft(
        number=len(earlier) + 1,
        author_id=first.user_id,
        author_name=first.user_name,
        created_at=first.created_at,
        summary=next((row.comment for row in group if row.comment), ""),
        source=before.source if before else "",
        title=before.title if before else "",
        tag_names=before.tag_names if before else "",
        rolled_back_to=None,
        history_ids=tuple(row.id for row in group),
    )
    for row in group:
        if row.type in TITLE_HISTORY:
            draft = replace(draft, title=" ".join(row.text.split()))
        elif row.type in BODY_HISTORY:
            draft = replace(draft, source=row.text.replace("\r\n", "\n").replace("\r", "\n").rstrip())
        else:
            draft = replace(draft, tag_names=" ".join(parse_tags(row.text)[0]))
    if any(row.type in _ROLLBACKS for row in group):
        draft = replace(draft, rolled_back_to=_restored(draft, earlier))
    return draft


def _restored(draft: Draft, earlier: list[Draft]) -> int | None:
    """Return the number of the latest revision that said the same, as the dump does not name it."""
    for other in reversed(earlier):
        if (other.source, other.title, other.tag_names) == (draft.source, draft.title, draft.tag_names):
            return other.number
    return None
