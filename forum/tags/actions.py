"""Giving questions their tags and tags their descriptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from forum.accounts.rules import Actor, Privilege, refuse_without
from forum.core import clock
from forum.core.errors import Invalid, NotFound
from forum.core.i18n import gettext
from forum.core.inserts import insert_into
from forum.core.markup import render
from forum.core.sending import send
from forum.core.tables import Base, one_or_many
from forum.images.actions import refer
from forum.tags.models import QuestionTag, Tag, TagSynonym
from forum.tags.rules import DESCRIPTION_LENGTH, EXCERPT_LENGTH

# Of the plain table and built once: the ORM's took a fifth of the time of writing imported threads.
_tags = Base.metadata.tables[Tag.__tablename__]
_move_count = (
    update(_tags)
    .where(_tags.c.id == bindparam("of_tag"))
    .values(question_count=_tags.c.question_count + bindparam("by"))
)
_carried = Base.metadata.tables[QuestionTag.__tablename__]
_move_activity = (
    update(_carried)
    .where(_carried.c.question_id == bindparam("of_question"))
    .values(active_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class Tagging:
    """A tag that a question is to carry."""

    tag_id: int
    name: str


def ensure(session: Session, names: Sequence[str]) -> tuple[Tagging, ...]:
    """Return the tags of these names in their order, making missing ones; synonyms lead to their tag."""
    synonyms = select(TagSynonym.name, Tag.name).join(Tag, Tag.id == TagSynonym.tag_id)
    meant = {row[0]: row[1] for row in session.execute(synonyms.where(TagSynonym.name.in_(names)))}
    wanted = tuple(dict.fromkeys(meant.get(name, name) for name in names))
    known = _ids(session, wanted)
    missing = sorted(set(wanted) - set(known))
    if missing:
        # In sorted order, and without an error when somebody else makes the same tag at this moment.
        new = [{"name": name, "created_at": clock.now()} for name in missing]
        session.execute(insert_into(session, Tag).on_conflict_do_nothing(), new)
        known = _ids(session, wanted)
    return tuple(Tagging(tag_id=known[name], name=name) for name in wanted)


def tag_question(
    session: Session, question_id: int, tags: Sequence[Tagging], *, active_at: datetime, is_visible: bool
) -> None:
    """Give a locked question, last active at this moment, exactly these tags.

    It is counted with them if everybody can see it.
    """
    old = set(session.scalars(select(QuestionTag.tag_id).where(QuestionTag.question_id == question_id)))
    new = {tag.tag_id for tag in tags}
    session.execute(delete(QuestionTag).where(QuestionTag.question_id == question_id))
    rows = [
        {"question_id": question_id, "tag_id": tag.tag_id, "position": position, "active_at": active_at}
        for position, tag in enumerate(tags)
    ]
    session.execute(insert(QuestionTag), rows)
    if is_visible:
        count_questions(session, new - old, by=1)
        count_questions(session, old - new, by=-1)


def note_activity(session: Session, question_id: int, *, at: datetime) -> None:
    """Bring a locked question to the top of the lists of its tags."""
    send(session, _move_activity, {"of_question": question_id, "at": at})


def count_with_tags(session: Session, question_id: int, *, by: int) -> None:
    """Count a locked question in (`by` 1) or out (-1) with all its tags."""
    tag_ids = session.scalars(select(QuestionTag.tag_id).where(QuestionTag.question_id == question_id))
    count_questions(session, set(tag_ids), by=by)


def count_questions(session: Session, tag_ids: set[int], *, by: int) -> None:
    """Move the counters of tags, in the order of their ids so that two actions can't wait for each other."""
    move_question_counts(session, dict.fromkeys(tag_ids, by))


def move_question_counts(session: Session, changes: Mapping[int, int]) -> None:
    """Move the counters of tags, each by its own number, in the order of their ids."""
    if changes:
        rows = [{"of_tag": tag_id, "by": by} for tag_id, by in sorted(changes.items())]
        session.connection().execute(_move_count, one_or_many(rows))


def describe(session: Session, actor: Actor, tag_id: int, *, excerpt: str, source: str) -> None:
    """Set the line and the text that explain a tag; raise Refused without the privilege."""
    refuse_without(actor, Privilege.EDIT_TAGS)
    excerpt = " ".join(excerpt.split())
    if len(excerpt) > EXCERPT_LENGTH:
        raise Invalid(
            "excerpt", gettext("The short description has at most %(most)s characters.", most=EXCERPT_LENGTH)
        )
    if len(source) > DESCRIPTION_LENGTH:
        raise Invalid(
            "source", gettext("The description has at most %(most)s characters.", most=DESCRIPTION_LENGTH)
        )
    rendered = render(source)
    described = (
        update(Tag)
        .where(Tag.id == tag_id)
        .values(
            excerpt=excerpt,
            description_source=source,
            description_html=rendered.html,
            description_render_version=rendered.version,
        )
        .returning(Tag.id)
    )
    if session.execute(described).one_or_none() is None:
        raise NotFound(gettext("There is no such tag."))
    refer(session, "tag", tag_id, source, keeps_earlier=False)


def _ids(session: Session, names: Sequence[str]) -> dict[str, int]:
    rows = session.execute(select(Tag.name, Tag.id).where(Tag.name.in_(names)).order_by(Tag.id))
    return {row[0]: row[1] for row in rows}
