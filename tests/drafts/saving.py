"""Saving drafts in tests, as the views do it."""

from sqlalchemy import select

from forum.accounts.rules import Actor
from forum.core.db import Database
from forum.drafts import actions
from forum.drafts.actions import Saving, Writer
from forum.drafts.models import Draft
from forum.drafts.rules import Place, Wording


def save(database: Database, person: Actor, place: Place, text: str, writer: Writer, **more: int) -> Saving:
    """Save a text."""
    with database.transaction() as session:
        return actions.save(session, person, place, Wording(source=text), writer=writer, **more)


def version(saving: Saving) -> str:
    """Return the version of the draft that stands there after a save."""
    assert saving.draft is not None
    return saving.draft.version


def texts(database: Database) -> list[str]:
    """Return the texts of all drafts."""
    with database.reading() as session:
        return sorted(session.scalars(select(Draft.source)))
