"""Whole pages, made once and printed again for whoever sees the same, as `parts` are.

A page is kept by what it shows: the rows that were read, and what whoever looks may do and did. That is
frozen and is compared at each view, so nothing needs to be told when something changes, and people who see
the same are given the same. A page made so knows of the one who looks only whether they are a moderator.
What differs at each view is filled in: what parts leave blank, the menu of the account or the way to sign in
and back, and what the view names, such as how often a question was looked at.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from flask import Flask, Response, current_app, g, render_template, request, session
from markupsafe import Markup, escape
from werkzeug.http import generate_etag

from forum.core import clock
from forum.core.kept import Kept
from forum.web import parts
from forum.web.addresses import here
from forum.web.choice_cookies import keys_on, theme
from forum.web.filters import sign_in_path
from forum.web.languages import language
from forum.web.maintenance import is_closed
from forum.web.request_scope import signed_in, viewer
from forum.web.safe_html import stored_html

MOST_BYTES = 16 * 1024 * 1024
"""How much each process keeps: some 250 pages with what they were made from."""
_SHOWN_BYTES = 30_000
"""What a page is made from is kept, too: 20 kilobytes of a thread with five answers, 50 of a list."""

Blanks = dict[str, Callable[[], str]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who has signed in, as far as a page that others see as well may know them."""

    is_moderator: bool


@dataclass(frozen=True, slots=True)
class _Print:
    """A page: pieces of HTML in UTF-8, with the names of the blanks between them."""

    pieces: tuple[bytes, ...]
    blanks: tuple[str, ...]
    until: float
    tag: bytes
    """Tells the pieces from others, in each process alike."""


def install(app: Flask) -> None:
    """Give the app its kept pages, and templates what they leave blank."""
    app.extensions["prints"] = Kept[_Print](most_bytes=MOST_BYTES)
    app.jinja_env.globals.update(account_menu=account_menu, blank=_own_blank, sign_in_link=sign_in_link)


def account_menu() -> Markup:
    """Return the menu of whoever has signed in; raise SignInNeeded for a visitor."""
    frame: Any = current_app.jinja_env.get_template("macros/frame.html").module
    # Made also where it is left blank: the page loads the scripts that it asks for.
    menu = parts.part(frame.account_menu, signed_in())
    return stored_html(parts.blank("menu")) or menu


def sign_in_link() -> str:
    """Return the address for signing in and coming back to the present page."""
    return parts.blank("signin") or sign_in_path(here())


def printed(
    template: str,
    shown: Mapping[str, Hashable],
    told: Callable[[], dict[str, Any]] = dict,
    *,
    keep: bool = True,
    blanks: Blanks | None = None,
) -> Response:
    """Return the page that a template makes of what is shown, made now or earlier.

    `told` gives what follows from `shown`, and is asked only when the page is made; `blanks` what the
    template leaves to `blank(name)`. A page that others can't see is not worth keeping. Raise TypeError for
    something shown that can change, such as a list.
    """
    g.blanks = blanks or {}
    if not keep or "_flashes" in session:
        return current_app.make_response(render_template(template, **shown, **told()))
    kept: Kept[_Print] = current_app.extensions["prints"]
    person = viewer()
    reader = Reader(is_moderator=person.is_moderator) if person else None
    looks = language(), theme(), keys_on(), is_closed(), reader
    key = template, request.script_root, looks, tuple(shown.values())
    found = kept.get(key)
    if found is None or found.until <= clock.now().timestamp():
        found = _made(template, {**shown, **told(), "viewer": reader})
        kept.keep(key, found, size=sum(map(len, found.pieces)) + _SHOWN_BYTES)
    written = _filled_in(found)
    response = current_app.response_class(b"".join(_woven(found.pieces, written)))
    if person is None:
        # What differs from view to view is short, so the tag of the page takes a tenth of the time.
        response.set_etag(generate_etag(b"\0".join([found.tag, *written])))
    return response


def _own_blank(name: str) -> str:
    return parts.blank(name) or g.blanks[name]()


def _made(template: str, context: dict[str, Any]) -> _Print:
    with parts.noticing() as making:
        html = render_template(template, **context)
    split = parts.SIGN.split(html)
    pieces = tuple(piece.encode() for piece in split[::2])
    return _Print(pieces, tuple(split[1::2]), making.until, generate_etag(b"\0".join(pieces)).encode())


def _filled_in(page: _Print) -> list[bytes]:
    """Return what is written into the blanks of a page."""
    fill: Blanks = {**parts.FILLED_IN, "menu": account_menu, "signin": sign_in_link, **g.blanks}
    # A page has one token in twenty forms.
    same = {name: escape(fill[name]()).encode() for name in {*page.blanks} - {"submission"}}
    return [same.get(name) or fill[name]().encode() for name in page.blanks]


def _woven(pieces: Sequence[bytes], written: Sequence[bytes]) -> Iterator[bytes]:
    return chain.from_iterable(zip_longest(pieces, written, fillvalue=b""))
