"""What somebody typed, carried along when it can't be accepted now: nothing typed is ever lost.

A form whose session expired, or that was sent signed out, is answered by a page that holds its fields. With
a sign-in form on that page the fields travel inside it, under names that begin with `kept-`, and stand
in a form ready to be sent again once the person is in. Passwords and tokens are never carried.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from forum.core.i18n import gettext, marked
from forum.web.addresses import here, safe_next
from forum.web.request_scope import is_safe

PREFIX = "kept-"
_ACTION = f"{PREFIX}action"
_SECRETS = frozenset({"csrf_token", "password", "current", "new"})
_LABELS = {
    "title": marked("Title"),
    "source": marked("Text"),
    "tags": marked("Tags"),
    "summary": marked("What you changed"),
    "excerpt": marked("In one sentence"),
    "about": marked("About you"),
    "location": marked("Location"),
    "website": marked("Website"),
    "email": marked("E-mail"),
}
_LONG = frozenset({"source", "about"})


@dataclass(frozen=True, slots=True)
class KeptField:
    """A field as it was sent; fields without a label are none that anybody typed into."""

    name: str
    value: str

    @property
    def label(self) -> str:
        """What to call the field, or nothing for a hidden one."""
        return gettext(_LABELS.get(self.name, ""))

    @property
    def is_long(self) -> bool:
        """Whether the field holds a text of many lines."""
        return self.name in _LONG

    @property
    def kept_name(self) -> str:
        """The name under which the field travels inside the sign-in form."""
        return f"{PREFIX}{self.name}"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The fields of a form and the address it was to be sent to."""

    action: str
    fields: tuple[KeptField, ...]
    action_name: str = _ACTION


def of_request() -> KeptForm | None:
    """Return what was typed into the form that this request sent, or None for nothing or too much to read."""
    try:
        return _of_form()
    except RequestEntityTooLarge:
        return None


def of_sign_in() -> KeptForm | None:
    """Return what travels inside the sign-in form that this request sent, or None."""
    action = safe_next(request.form.get(_ACTION))
    if is_safe() or action is None:
        return None
    inside = (
        (name.removeprefix(PREFIX), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(PREFIX) and name != _ACTION
    )
    return _with_text(action, inside)


def _of_form() -> KeptForm | None:
    if is_safe() or _SECRETS & request.form.keys() - {"csrf_token"}:
        return of_sign_in()
    return _with_text(here(), request.form.items(multi=True))


def _with_text(action: str, pairs: Iterable[tuple[str, str]]) -> KeptForm | None:
    fields = tuple(KeptField(name, value) for name, value in pairs if name not in _SECRETS)
    has_text = any(field.label and field.value.strip() for field in fields)
    return KeptForm(action=action, fields=fields) if has_text else None
