"""Saving drafts, discarding them, and bringing back what was discarded.

A save names the version that its text goes on from. One statement writes only where the draft still has that
version, so that of two tabs or devices none ever writes over what the other has saved.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from forum.accounts.models import User
from forum.accounts.rules import Actor
from forum.core import clock
from forum.core.errors import Conflict, NotFound
from forum.core.i18n import gettext, ngettext
from forum.core.tables import Base
from forum.drafts import queries, rules
from forum.drafts.models import DiscardedDraft, Draft
from forum.drafts.queries import is_at, is_kept
from forum.drafts.rules import Kind, Place, Wording
from forum.images.actions import refer
from forum.images.models import ImageReference
from forum.posts.models import Comment, Post, Revision
from forum.posts.queries.threads import submitted_comment, submitted_post

_IMAGES_OF = "draft"
"""What image references are noted of for drafts; the number beside it is that of the person."""
_drafts = Base.metadata.tables[Draft.__tablename__]
_finish = delete(_drafts).where(
    _drafts.c.user_id == bindparam("of_user"),
    _drafts.c.kind == bindparam("of_kind"),
    _drafts.c.subject_id == bindparam("of_subject"),
    or_(
        _drafts.c.version == bindparam("of_version"),
        _drafts.c.written_in == bindparam("of_form"),
        _drafts.c.source == bindparam("of_source"),
    ),
)


class Fate(StrEnum):
    """What became of a text that was to be saved."""

    SAVED = "saved"
    EMPTIED = "emptied"
    """Nothing was written any more, so there is no draft now."""
    POSTED = "posted"
    """The same form has posted it already."""
    OVERTAKEN = "overtaken"
    """Another text was saved in another tab or on another device; nothing was written over."""


@dataclass(frozen=True, slots=True)
class Saving:
    """What became of a text, and the draft that stands there now: for an overtaken text, the other one."""

    fate: Fate
    draft: queries.Draft | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """The open form that saves: its own number, and the version of the draft it goes on from, empty for none.

    `turn` is the moment by the form's own clock, in milliseconds; 0 without scripts, which can't send late.
    """

    form: str
    turn: int = 0
    version: str = ""


def save(
    session: Session, actor: Actor, place: Place, wording: Wording, *, writer: Writer, based_on: int = 0
) -> Saving:
    """Keep what somebody has written so far, unless something else was saved there meanwhile.

    Raise Invalid for a text too long for any draft, NotFound for a place that is none, Refused for more
    drafts of today than a person may keep.
    """
    wording = rules.check_wording(wording)
    if _is_posted(session, actor, place, wording, writer=writer, based_on=based_on):
        return Saving(Fate.POSTED)
    goes_on = and_(is_at(actor.id, place), _goes_on(writer))
    if wording.is_empty:
        session.execute(delete(Draft).where(goes_on))
        return _found(session, actor, place, wording, writer=writer) or Saving(Fate.EMPTIED)
    # Other images would be forgotten after a day, long before the draft.
    refer(session, _IMAGES_OF, actor.id, wording.source, keeps_earlier=True)
    values = {
        **asdict(wording),
        "based_on": based_on,
        "version": str(uuid4()),
        "written_in": writer.form,
        "turn": writer.turn,
        "updated_at": clock.now(),
    }
    saved = update(Draft).where(goes_on).values(values).returning(Draft.version)
    if session.execute(saved).one_or_none() is None and (
        earlier := _found(session, actor, place, wording, writer=writer)
        or _begin(session, actor, place, wording, values)
    ):
        return earlier
    return Saving(Fate.SAVED, queries.one(session, actor.id, place))


def discard(session: Session, actor: Actor, place: Place, *, version: str) -> bool:
    """Take a draft away and keep it apart for a while; tell whether it can be brought back.

    Raise Conflict when it is no longer the one that its author has seen. To discard it twice is no error.
    """
    mine = delete(Draft).where(is_at(actor.id, place), Draft.version == version)
    draft = session.execute(mine.returning(*Draft.__table__.columns)).mappings().one_or_none()
    if draft is None:
        if queries.one(session, actor.id, place) is not None:
            raise Conflict(
                gettext(
                    "This draft was changed in another tab or on another device. Look at it, then discard "
                    "it there."
                )
            )
        return queries.discarded(session, actor.id, version) is not None
    session.execute(insert(DiscardedDraft).values(**draft, discarded_at=clock.now()))
    latest = select(DiscardedDraft.version).where(DiscardedDraft.user_id == actor.id)
    latest = latest.order_by(DiscardedDraft.discarded_at.desc()).limit(rules.MOST_DISCARDED)
    session.execute(
        delete(DiscardedDraft).where(
            DiscardedDraft.user_id == actor.id, DiscardedDraft.version.not_in(latest)
        )
    )
    return True


def bring_back(session: Session, actor: Actor, place: Place, *, version: str) -> Saving:
    """Undo that a draft was discarded, unless another text stands in its place by now.

    Raise NotFound for one that is gone for good, Refused for more drafts of today than a person may keep.
    """
    mine = (DiscardedDraft.user_id == actor.id, DiscardedDraft.version == version)
    # The lock comes first: whoever waits for it sees afterwards what the other has brought back.
    discarded = select(DiscardedDraft).where(*mine, is_kept()).with_for_update()
    row = session.execute(discarded).scalar_one_or_none()
    there = queries.one(session, actor.id, place)
    if there is not None and there.version == version:
        return Saving(Fate.SAVED, there)
    if row is None or Place(Kind(row.kind), row.subject_id) != place:
        raise NotFound(
            ngettext(
                "This draft is gone for good: what you discard is kept for %(num)s hour.",
                "This draft is gone for good: what you discard is kept for %(num)s hours.",
                rules.DISCARDED_HOURS,
            )
        )
    wording = Wording(source=row.source, title=row.title, tags=row.tags, summary=row.summary)
    kept = ("based_on", "version", "written_in", "turn", "updated_at")
    values = {**asdict(wording), **{name: getattr(row, name) for name in kept}}
    if there is None:
        _begin(session, actor, place, wording, values)
        there = queries.one(session, actor.id, place)
    if there is None or there.wording != wording:
        return Saving(Fate.OVERTAKEN, there)
    session.execute(delete(DiscardedDraft).where(*mine))
    return Saving(Fate.SAVED, there)


def finish(session: Session, actor: Actor, place: Place, *, writer: Writer, source: str) -> None:
    """Delete the draft of a text that is being posted, in the transaction that posts it.

    What was saved elsewhere and is another text stays.
    """
    values = {
        "of_user": actor.id,
        "of_kind": place.kind,
        "of_subject": place.subject_id,
        "of_version": writer.version,
        "of_form": writer.form,
        # Equal to nothing where nothing was written.
        "of_source": rules.posted(source) if source else None,
    }
    session.connection().execute(_finish, values)


def forget_old(session: Session) -> None:
    """Delete what nobody has gone on with, or brought back, for as long as it is kept."""
    session.execute(delete(Draft).where(Draft.updated_at < clock.now() - timedelta(days=rules.KEPT_DAYS)))
    session.execute(delete(DiscardedDraft).where(~is_kept()))
    # What drafts refer to is noted by person, so only what none of theirs holds any more is let go.
    texts = (
        exists().where(table.user_id == ImageReference.place_id, table.source.contains(ImageReference.key))
        for table in (Draft, DiscardedDraft)
    )
    session.execute(
        delete(ImageReference).where(ImageReference.place == _IMAGES_OF, *(~holds for holds in texts))
    )


def _goes_on(writer: Writer) -> ColumnElement[bool]:
    """Return the condition that a draft is the one that the form goes on from.

    The form's own draft is, too, when the answer to an earlier save has not reached it; a late message with
    an older text is not.
    """
    return or_(
        Draft.version == writer.version, and_(Draft.written_in == writer.form, Draft.turn < writer.turn)
    )


def _found(
    session: Session, actor: Actor, place: Place, wording: Wording, *, writer: Writer
) -> Saving | None:
    """Return why a text was not written over the draft that is there, or None if there is none.

    The same text is saved, whoever did it: such as the page that was left a moment before this one opened.
    """
    there = select(Draft.written_in, Draft.turn).where(is_at(actor.id, place))
    row = session.execute(there).one_or_none()
    if row is None:
        return None
    is_late = row.written_in == writer.form and 0 < writer.turn <= row.turn
    draft = queries.one(session, actor.id, place)
    is_same = draft is not None and draft.wording == wording
    return Saving(Fate.SAVED if is_late or is_same else Fate.OVERTAKEN, draft)


def _begin(
    session: Session, actor: Actor, place: Place, wording: Wording, values: dict[str, Any]
) -> Saving | None:
    """Add a draft where there is none; return what came first if another tab does so at the same instant."""
    _refuse_no_place(session, place)
    _make_room(session, actor)
    key = {"user_id": actor.id, "kind": place.kind, "subject_id": place.subject_id}
    try:
        with session.begin_nested():
            session.execute(insert(Draft).values(**values, **key))
    except IntegrityError:
        writer = Writer(values["written_in"], turn=values["turn"])
        if (first := _found(session, actor, place, wording, writer=writer)) is None:
            raise Conflict(gettext("This draft was discarded at the same moment. Save it again.")) from None
        return first
    return None


def _refuse_no_place(session: Session, place: Place) -> None:
    if place.kind is Kind.QUESTION:
        return
    table: type[Post | Comment] = Comment if place.kind is Kind.COMMENT_EDIT else Post
    is_there = select(table.id).where(table.id == place.subject_id)
    if place.kind is Kind.ANSWER:
        is_there = is_there.where(Post.kind == "question")
    if session.execute(is_there).one_or_none() is None:
        raise NotFound(gettext("There is nothing here to write about."))


def _make_room(session: Session, actor: Actor) -> None:
    """Delete the oldest drafts of a person who keeps as many as they may, under the lock of the person."""
    session.execute(select(User.id).where(User.id == actor.id).with_for_update(key_share=True)).all()
    theirs = Draft.user_id == actor.id
    count = session.execute(select(func.count()).where(theirs)).scalar_one()
    if count < rules.MOST_DRAFTS:
        return
    ages = select(Draft.kind, Draft.subject_id, Draft.updated_at).where(theirs).order_by(Draft.updated_at)
    drafts = session.execute(ages).all()
    surplus = rules.oldest_to_drop([row.updated_at for row in drafts], now=clock.now())
    for row in drafts[:surplus]:
        session.execute(delete(Draft).where(is_at(actor.id, Place(Kind(row.kind), row.subject_id))))


def _is_posted(
    session: Session, actor: Actor, place: Place, wording: Wording, *, writer: Writer, based_on: int
) -> bool:
    """Tell whether what a form saves late has been posted by it: as a post, a comment or a revision."""
    if place.kind in {Kind.QUESTION, Kind.ANSWER}:
        return submitted_post(session, author_id=actor.id, submission=writer.form) is not None
    if place.kind is Kind.COMMENT:
        return submitted_comment(session, author_id=actor.id, submission=writer.form) is not None
    of_subject = Revision.post_id if place.kind is Kind.EDIT else Revision.comment_id
    is_revision = exists().where(
        of_subject == place.subject_id,
        Revision.number > based_on,
        Revision.author_id == actor.id,
        Revision.source == wording.plain_source,
    )
    return bool(session.execute(select(is_revision)).scalar_one())
