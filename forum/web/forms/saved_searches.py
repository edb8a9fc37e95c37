"""Forms of saved searches."""

from datetime import datetime
from typing import Any

from wtforms import BooleanField, Field, HiddenField
from wtforms.widgets import HiddenInput

from forum.saved_searches.rules import NAME_LENGTH, TEXT_LENGTH
from forum.web.forms.fields import PageForm, TextLine
from forum.web.languages import lazy_gettext


class SaveForm(PageForm):
    """A search that is to be kept, as the page of its results sends it."""

    name = TextLine(lazy_gettext("Name"), render_kw={"maxlength": NAME_LENGTH})
    text = TextLine(lazy_gettext("Search"), render_kw={"maxlength": TEXT_LENGTH})
    sort = HiddenField()


class ChangeForm(PageForm):
    """What may be changed of a saved search."""

    name = TextLine(lazy_gettext("Name"), render_kw={"maxlength": NAME_LENGTH})
    notifies = BooleanField(lazy_gettext("Tell me about new matches"))


class SeenUntil(Field):
    """The moment of the latest match that a page showed, so that later ones stay new."""

    data: datetime | None
    widget = HiddenInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take a moment with its time zone; anything else is no moment, and nothing is seen."""
        try:
            moment = datetime.fromisoformat(valuelist[0])
        except (IndexError, ValueError):
            moment = None
        self.data = moment if moment is not None and moment.tzinfo is not None else None

    def _value(self) -> str:
        return self.data.isoformat() if self.data else ""


class SeenForm(PageForm):
    """The button under the new matches."""

    until = SeenUntil()
