"""Fields of our forms, and the form that all others build on."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import UUID, uuid4

from flask import request
from wtforms import (
    Field,
    Form,
    HiddenField,
    PasswordField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import StopValidation
from wtforms.widgets import HiddenInput

from forum.core.errors import Invalid
from forum.core.i18n import gettext
from forum.web.request_scope import forget_writes, is_safe

# No database keeps NUL and nobody types the others; tab, line feed and carriage return are text.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class PageForm(Form):
    """A form of a page: shown by GET, sent by POST, shown again with its text when something is wrong."""

    @classmethod
    def open(cls, **initial: Any) -> Self:
        """Return the form with what was sent, or with its first contents when it is to be shown."""
        return cls(None if is_safe() else request.form, data=initial)

    @property
    def is_sent(self) -> bool:
        """Whether somebody sent the form, rather than asked for it."""
        return not is_safe()

    @property
    def wants_preview(self) -> bool:
        """Whether the form was sent by its preview button, to be shown again and not to be accepted."""
        return self.is_sent and "preview" in request.form

    @property
    def status(self) -> int:
        """The status of a page that shows this form: 422 when it was sent and could not be accepted."""
        return 422 if self.is_sent else 200

    def is_sent_and_valid(self) -> bool:
        """Tell whether the form was sent with contents that its fields accept."""
        return self.is_sent and self.validate()

    @property
    def first_error(self) -> str:
        """What to tell where there is room for one error only."""
        return [*(error for field in self for error in field.errors), *self.form_errors][0]

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn what the block finds Invalid into an error of its field, and forget what the block wrote."""
        try:
            yield
        except Invalid as error:
            forget_writes()
            self.refuse(error)

    def refuse(self, error: Invalid) -> None:
        """Show an error at the field concerned, or above the form when it has no such field."""
        if error.field in self:
            field = self[error.field]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)


class _Typed(Field):
    """What a person types; control characters are taken out and reported.

    `limits` are the fewest and the most characters, for the page to show; a rule checks them.
    """

    data: str | None

    def __init__(self, *arguments: Any, limits: tuple[int, int] | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.limits = limits

    @property
    def text(self) -> str:
        """What was typed; an empty string when the field was not sent at all."""
        return self.data or ""

    def pre_validate(self, form: Any) -> None:
        """Refuse control characters, but give the rest of the text back."""
        if _CONTROLS.search(self.text):
            self.data = _CONTROLS.sub("", self.text)
            raise StopValidation(
                gettext(
                    "Control characters in here can't be stored. They are removed now; check and send again."
                )
            )


class TextLine(_Typed, StringField):
    """A line of text."""


class TextBlock(_Typed, TextAreaField):
    """A text of many lines."""


class Secret(PasswordField):
    """A password; it is never shown again and may hold any character."""

    @property
    def text(self) -> str:
        """What was typed."""
        return self.data or ""


class Submission(HiddenField):
    """The number of a form, so that sending it twice makes one post."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take a number of the kind that we give out, and no other."""
        try:
            self.data = str(UUID(valuelist[0]))
        except (IndexError, ValueError, AttributeError):
            self.data = str(uuid4())

    def process_data(self, value: Any) -> None:
        """Give a form that is shown a fresh number."""
        self.data = value or str(uuid4())

    @property
    def number(self) -> str:
        """The number of the form."""
        return str(self.data)


class DraftVersion(HiddenField):
    """The version of the draft that the text of a form goes on from; empty when it knows of none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take a version of the kind that drafts have, and nothing else."""
        try:
            self.data = str(UUID(valuelist[0]))
        except (IndexError, ValueError, AttributeError):
            self.data = ""

    @property
    def text(self) -> str:
        """The version."""
        return self.data or ""


class RevisionNumber(Field):
    """The revision that a form was made from, to notice when somebody else was faster."""

    data: int
    widget = HiddenInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take a number of a revision; anything else is 0, which no revision has."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def _value(self) -> str:
        return str(self.data)


def checked(check: Callable[[str], object]) -> Callable[[Form, Field], None]:
    """Make a validator of a rule that raises Invalid."""

    def validate(_form: Form, field: Field) -> None:
        try:
            check(field.data or "")
        except Invalid as error:
            raise ValidationError(error.message) from None

    return validate
