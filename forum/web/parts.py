"""Parts of pages, made once and printed again for whoever sees the same.

`{{ part(macro, …) }}` prints what the macro makes of its arguments. A macro sees nothing but its arguments,
so equal arguments make an equal part, whoever looks: all that is personal about it must be among them,
frozen. What differs at each view nevertheless are blanks that are filled in when the part is printed: the
token of a form, its submission number, and the id of whoever looks. A part that tells how long ago something
was is kept until that would be told in other words.

Macros of one language are not those of another, see `translated_templates`. Whole pages are kept in the same
way, see `printing`.
"""

import math
import re
import secrets
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from uuid import uuid4

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from forum.core import clock
from forum.core.kept import Kept
from forum.web.request_scope import signed_in
from forum.web.safe_html import stored_html

MOST_BYTES = 4 * 1024 * 1024
"""How much each process keeps: the parts of some 70 threads, for pages of which something has changed."""
_ARGUMENTS_BYTES = 1_500
"""What a part is made from is kept, too: a post of usual length, or the row of a list."""
# Nobody can write it into a post: it is drawn by each process, and no page shows it.
_SECRET = secrets.token_hex(16)
SIGN = re.compile(f"{_SECRET}([a-z]+)-")
"""What stands for a blank in what is kept; its group is the name of the blank."""


@dataclass(frozen=True, slots=True)
class _Part:
    html: bytes
    """In UTF-8: one quotation mark that is no ASCII makes Python keep a whole text at twice its length."""
    until: float
    behaviours: tuple[str, ...]
    has_blanks: bool


@dataclass(slots=True)
class Making:
    """What is noticed while a part or a page is made."""

    until: float = math.inf
    behaviours: dict[str, None] = field(default_factory=dict)


_making: ContextVar[Making | None] = ContextVar("part being made", default=None)


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
    return stored_html(html)


@contextmanager
def noticing() -> Iterator[Making]:
    """Notice what is asked for within the block, which makes something to be kept."""
    making = Making()
    reset = _making.set(making)
    try:
        yield making
    finally:
        _making.reset(reset)


def changes_at(moment: datetime) -> None:
    """Note that what is printed will be told in other words from a moment on."""
    if (making := _making.get()) is not None:
        making.until = min(making.until, moment.timestamp())


def csrf_token() -> str:
    """Return the token without which no unsafe request is accepted."""
    if sign := blank("token"):
        return sign
    secret: str | None = session.get("csrf_token")
    return _signed(secret) if secret else str(generate_csrf())


@lru_cache(maxsize=5_000)
def _signed(_secret: str) -> str:
    """Return the token of a session, which is signed once and not for each page: ours don't expire."""
    return str(generate_csrf())


def new_submission() -> str:
    """Return a fresh number for a form, by which sending it twice makes one post."""
    return blank("submission") or str(uuid4())


def viewer_id() -> str:
    """Return the id of whoever has signed in; raise SignInNeeded for a visitor."""
    return blank("viewer") or str(signed_in().id)


def blank(name: str) -> str:
    """Return what stands for a blank in what is being made to be kept; nothing where nothing is."""
    return f"{_SECRET}{name}-" if _making.get() is not None else ""


FILLED_IN: dict[str, Callable[[], str]] = {
    "token": csrf_token,
    "submission": new_submission,
    "viewer": viewer_id,
}
"""What is written into the blanks of a part; each form has a number of its own."""


def behaves(*names: str) -> str:
    """Return what stands in the attribute `data-behaviour`, and let the page load the scripts for it."""
    if (making := _making.get()) is not None:
        making.behaviours.update(dict.fromkeys(names))
    else:
        g.setdefault("behaviours", {}).update(dict.fromkeys(names))
    return " ".join(names)


def behaviours_named() -> tuple[str, ...]:
    """Return the behaviours that the elements of the page have asked for so far, in that order."""
    making = _making.get()
    return tuple(g.get("behaviours", ()) if making is None else making.behaviours)


def _made(macro: Callable[..., Markup], arguments: tuple[Hashable, ...]) -> _Part:
    with noticing() as making:
        html = str(macro(*arguments))
    has_blanks = SIGN.search(html) is not None
    return _Part(html.encode(), making.until, tuple(making.behaviours), has_blanks)


def _filled_in(html: str) -> str:
    return SIGN.sub(lambda sign: FILLED_IN[sign[1]](), html)
