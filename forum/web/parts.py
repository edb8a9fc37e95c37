"""Parts of pages, made once and printed again for whoever sees the same.

`{{ part(macro, …) }}` prints what the macro makes of its arguments. A macro sees nothing but its arguments,
so equal arguments make an equal part, whoever looks: all that is personal about it must be among them,
frozen. What differs at each view nevertheless are blanks that are filled in when the part is printed: the
token of a form, its submission number, and the id of whoever looks. A part that tells how long ago something
was is kept until that would be told in other words.

Macros of one language are not those of another, see `translated_templates`.
"""

import math
import secrets
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from flask import Flask, current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from forum.core import clock
from forum.core.kept import Kept
from forum.web.request_scope import signed_in
from forum.web.safe_html import stored_html

MOST_BYTES = 16 * 1024 * 1024
"""How much each process keeps: the parts of some 280 threads, as people see them who have signed in. If fewer
were kept than are asked for in turn, each page would be made of none: in 5 ms instead of 2.5."""
_ARGUMENTS_BYTES = 1_500
"""What a part is made from is kept, too: a post of usual length, or the row of a list."""
# Nobody can write them into a post: they are drawn by each process, and no page shows them.
_TOKEN, _SUBMISSION, _VIEWER = (
    f"{name}-{secrets.token_hex(16)}" for name in ("token", "submission", "viewer")
)


@dataclass(frozen=True, slots=True)
class _Part:
    html: bytes
    """In UTF-8: one quotation mark that is no ASCII makes Python keep a whole text at twice its length."""
    until: float
    behaviours: tuple[str, ...]
    has_blanks: bool


@dataclass(slots=True)
class _Making:
    """What is noticed while a part is made."""

    until: float = math.inf
    behaviours: dict[str, None] = field(default_factory=dict)
    has_blanks: bool = False


_making: ContextVar[_Making | None] = ContextVar("part being made", default=None)


def install(app: Flask) -> None:
    """Give the app its kept parts."""
    app.extensions["parts"] = Kept[_Part](most_bytes=MOST_BYTES)


def part(macro: Callable[..., Markup], *arguments: Hashable) -> Markup:
    """Return what a macro makes of some arguments, made now or earlier.

    Raise TypeError for an argument that can change, such as a list.
    """
    kept: Kept[_Part] = current_app.extensions["parts"]
    key = macro, request.script_root, arguments
    made = kept.get(key)
    if made is None or made.until <= clock.now().timestamp():
        made = _made(macro, arguments)
        kept.keep(key, made, size=len(made.html) + _ARGUMENTS_BYTES)
    behaves(*made.behaviours)
    html = made.html.decode()
    outer = _making.get()
    if outer is None:
        return stored_html(_filled_in(html) if made.has_blanks else html)
    outer.until = min(outer.until, made.until)
    outer.has_blanks |= made.has_blanks
    return stored_html(html)


def changes_at(moment: datetime) -> None:
    """Note that what is printed will be told in other words from a moment on."""
    if (making := _making.get()) is not None:
        making.until = min(making.until, moment.timestamp())


def csrf_token() -> str:
    """Return the token without which no unsafe request is accepted."""
    # Flask-WTF keeps it there, but looks through its settings first, as often as a page has forms.
    return _blank(_TOKEN) or str(g.get("csrf_token") or generate_csrf())


def new_submission() -> str:
    """Return a fresh number for a form, by which sending it twice makes one post."""
    return _blank(_SUBMISSION) or str(uuid4())


def viewer_id() -> str:
    """Return the id of whoever has signed in; raise SignInNeeded for a visitor."""
    return _blank(_VIEWER) or str(signed_in().id)


def behaves(*names: str) -> str:
    """Return what stands in the attribute `data-behaviour`, and let the page load the scripts for it."""
    if (making := _making.get()) is not None:
        making.behaviours.update(dict.fromkeys(names))
    else:
        g.setdefault("behaviours", {}).update(dict.fromkeys(names))
    return " ".join(names)


def behaviours_named() -> tuple[str, ...]:
    """Return the behaviours that the elements of the page have asked for so far, in that order."""
    return tuple(g.get("behaviours", ()))


def _made(macro: Callable[..., Markup], arguments: tuple[Hashable, ...]) -> _Part:
    making = _Making()
    reset = _making.set(making)
    try:
        html = str(macro(*arguments))
    finally:
        _making.reset(reset)
    return _Part(html.encode(), making.until, tuple(making.behaviours), making.has_blanks)


def _blank(sign: str) -> str | None:
    """Return what stands for a blank in a part that is being made; None outside of one."""
    making = _making.get()
    if making is None:
        return None
    making.has_blanks = True
    return sign


def _filled_in(html: str) -> str:
    if _TOKEN in html:
        html = html.replace(_TOKEN, csrf_token())
    if _VIEWER in html:
        html = html.replace(_VIEWER, viewer_id())
    first, *others = html.split(_SUBMISSION)
    # Each form has a number of its own.
    return first + "".join(new_submission() + piece for piece in others)
