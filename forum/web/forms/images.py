"""The form by which an image is added."""

from typing import Self

from flask import request
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import FileField, ValidationError

from forum.core.i18n import gettext
from forum.images import rules
from forum.web.forms.fields import PageForm, TextLine, checked
from forum.web.languages import lazy_gettext
from forum.web.request_scope import is_safe

_ACCEPT = "image/png,image/jpeg,image/gif,image/webp,image/avif"


class ImageFile(FileField):
    """A file that somebody chose."""

    data: FileStorage | None

    def pre_validate(self, _form: object) -> None:
        """Refuse a form without a file; what is in the file is judged when it is kept."""
        if self.data is None or not self.data.filename:
            raise ValidationError(gettext("Choose a file first."))


class ImageForm(PageForm):
    """An image, and what it shows."""

    file = ImageFile(lazy_gettext("Image file"), render_kw={"required": True, "accept": _ACCEPT})
    alt = TextLine(
        lazy_gettext("What does it show?"),
        validators=[checked(rules.check_alt)],
        render_kw={"required": True, "maxlength": rules.ALT_LENGTH, "autocomplete": "off"},
    )

    @classmethod
    def open(cls, **initial: object) -> Self:
        """Return the form with what was sent, its file included."""
        return cls(None if is_safe() else CombinedMultiDict([request.files, request.form]), data=initial)
