"""Tags: their pages, lists and completion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal_column, select
from sqlalchemy.orm import Session

from forum.core.beginnings import begins_with
from forum.core.paging import Cursor, Key, Page, paged, place
from forum.core.prepared import Prepared
from forum.core.reading import row, rows
from forum.tags.models import QuestionTag, Tag, TagSynonym
from forum.tags.rules import LISTED_FROM

TAGS_PER_PAGE = 36
_Statement: TypeAlias = Select[*tuple[Any, ...]]


class TagOrder(StrEnum):
    """What the list of tags is sorted by."""

    POPULAR = "popular"
    NAME = "name"
    NEWEST = "newest"


class TagRow(NamedTuple):
    """A tag as lists show it."""

    id: int
    name: str
    excerpt: str
    question_count: int

    def key(self, order: TagOrder) -> Key:
        """Return what the tag is sorted by; the newest has the greatest id."""
        keys: dict[TagOrder, Key] = {
            TagOrder.POPULAR: self.question_count,
            TagOrder.NAME: self.name,
            TagOrder.NEWEST: self.id,
        }
        return keys[order]


@dataclass(frozen=True, slots=True)
class TagDescription:
    """A tag with all that is known of it."""

    id: int
    name: str
    excerpt: str
    description_source: str
    description_html: str
    question_count: int
    created_at: datetime
    latest_id: int
    """The greatest id of a question with any tag: by it one knows about how many questions there are."""


_KEYS: dict[TagOrder, type[Key]] = {TagOrder.POPULAR: int, TagOrder.NAME: str, TagOrder.NEWEST: int}
_COLUMNS = {
    TagOrder.POPULAR: Tag.question_count,
    TagOrder.NAME: Tag.name,
    TagOrder.NEWEST: Tag.id,
}
_rows: _Statement = select(Tag.id, Tag.name, Tag.excerpt, Tag.question_count)
_description = Prepared(
    select(
        Tag.id,
        Tag.name,
        Tag.excerpt,
        Tag.description_source,
        Tag.description_html,
        Tag.question_count,
        Tag.created_at,
        select(func.coalesce(func.max(QuestionTag.question_id), 0)).scalar_subquery(),
    ).where(Tag.name == bindparam("name"))
)
_meant = (
    select(Tag.name).join(TagSynonym, TagSynonym.tag_id == Tag.id).where(TagSynonym.name == bindparam("name"))
)
_meant_by_each = (
    select(TagSynonym.name, Tag.name)
    .join(Tag, TagSynonym.tag_id == Tag.id)
    .where(TagSynonym.name.in_(bindparam("names", expanding=True)))
)
_synonyms = Prepared(
    select(TagSynonym.name).where(TagSynonym.tag_id == bindparam("tag_id")).order_by(TagSynonym.name)
)
_is_listed = Tag.question_count >= bindparam("least")
# By the name of the column: PostgreSQL takes two parameters of one value for two expressions.
_portion: ColumnElement[int] = literal_column("portion")
_portions = (
    select((Tag.id // bindparam("size")).label("portion"))
    .where(_is_listed)
    .group_by(_portion)
    .order_by(_portion)
)
_names = (
    select(Tag.name).where(_is_listed, Tag.id.between(bindparam("first"), bindparam("last"))).order_by(Tag.id)
)
_popular = Prepared(
    _rows.where(Tag.question_count > 0)
    .order_by(Tag.question_count.desc(), Tag.id.desc())
    .limit(bindparam("limit"))
)


def cursor_of(text: str | None, *, order: TagOrder) -> Cursor | None:
    """Read a cursor of the list of tags; raise Invalid for one that no page has given out."""
    return Cursor.parse(text, of=_KEYS[order])


def tags(session: Session, order: TagOrder, cursor: Cursor | None, *, search: str = "") -> Page[TagRow]:
    """Return a page of the tags whose names contain `search`; one statement."""
    statement = _rows.where(Tag.name.contains(search.casefold(), autoescape=True)) if search else _rows
    placed = place(
        statement,
        cursor,
        key=_COLUMNS[order],
        id=Tag.id,
        size=TAGS_PER_PAGE,
        ascending=order is TagOrder.NAME,
    )
    found = [TagRow(*tag) for tag in session.execute(placed)]
    return paged(found, cursor, place_of=lambda row: (row.key(order), row.id), size=TAGS_PER_PAGE)


def description(session: Session, name: str) -> TagDescription | None:
    """Return the tag of this name; one statement."""
    found = row(session, _description, name=name)
    return TagDescription(*found) if found else None


def meant_by(session: Session, name: str) -> str | None:
    """Return the name of the tag that a synonym stands for; one statement."""
    return session.execute(_meant, {"name": name}).scalar_one_or_none()


def meant_by_each(session: Session, names: Sequence[str]) -> dict[str, str]:
    """Return for those of the names that are synonyms the tags that they stand for; one statement."""
    found = session.execute(_meant_by_each, {"names": list(names)})
    return {meant[0]: meant[1] for meant in found}


def synonyms_of(session: Session, tag_id: int) -> tuple[str, ...]:
    """Return the other names of a tag; one statement."""
    return tuple(name for (name,) in rows(session, _synonyms, tag_id=tag_id))


def popular(session: Session, *, limit: int = 24) -> tuple[TagRow, ...]:
    """Return the tags that most questions carry; one statement."""
    return tuple(TagRow(*tag) for tag in rows(session, _popular, limit=limit))


def portions(session: Session, size: int) -> tuple[int, ...]:
    """Return which portions of `size` ids have listed tags, the first at 0; one statement."""
    return tuple(session.scalars(_portions, {"size": size, "least": LISTED_FROM}))


def names_between(session: Session, first: int, last: int) -> Iterator[str]:
    """Yield the names of the listed tags of some ids, in their order; one statement."""
    yield from session.scalars(_names, {"first": first, "last": last, "least": LISTED_FROM})


def completions(session: Session, beginning: str, *, limit: int = 8) -> tuple[TagRow, ...]:
    """Return tags that begin with, or else contain, what was typed, the most used first; one statement."""
    beginning = beginning.strip().casefold()
    begins = case((Tag.name.startswith(beginning, autoescape=True), 0), else_=1)
    statement = (
        _rows.where(Tag.name.contains(beginning, autoescape=True))
        .order_by(begins, Tag.question_count.desc(), Tag.name)
        .limit(limit)
    )
    return tuple(TagRow(*tag) for tag in session.execute(statement))


def beginning(session: Session, typed: str, *, limit: int) -> tuple[TagRow, ...]:
    """Return tags in use that begin with what was typed, the most used first; one statement."""
    typed = typed.strip().casefold()
    if not typed:
        return ()
    statement = _rows.where(begins_with(session, Tag.name, typed), Tag.question_count > 0)
    ordered = statement.order_by(Tag.question_count.desc(), Tag.name).limit(limit)
    return tuple(TagRow(*tag) for tag in session.execute(ordered))
