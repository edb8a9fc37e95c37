"""Stored HTML read as plain text, for the index: hundreds of times faster than rendering again.

Only HTML that `forum.core.markup` made is read here. It has no comments, no scripts and no `<` that does not
open or close an element, so one regular expression suffices and takes linear time.
"""

import html
import re
from dataclasses import dataclass

from forum.core.markup.allow_list import BLOCKS, CODE

_TAG = re.compile(r"""<(/?)([a-z0-9]+)((?:[^<>"]++|"[^"]*")*+)>""")
_CLASS = re.compile(r'\bclass="([^"]*)"')
_ALT = re.compile(r'\balt="([^"]*)"')
# Numbers of footnotes and the arrows back from them are no words of the author.
_NOT_READ_OUT = frozenset({"footnote-ref", "footnote-backref"})
_TELLING = BLOCKS | CODE | {"a", "img"}
# What could not be rendered is shown in such a block; it is no code.
_UNFORMATTED = "plain"


@dataclass(frozen=True, slots=True)
class PlainText:
    """What a post says, and what of it is code; both without markup."""

    text: str
    code: str


def plain_text(stored: str) -> PlainText:
    """Return the text of stored HTML, one line for each line that a reader sees, and its code by itself."""
    pieces = _TAG.split(stored)
    text: list[str] = [pieces[0]]
    code: list[str] = []
    open_code = 0
    is_silent = False
    # What stands before the first tag, and then of each tag: its slash, name, attributes, what follows.
    following = iter(pieces[1:])
    for is_end, name, attributes, written in zip(following, following, following, following, strict=True):
        if name in _TELLING:
            if name == "a":
                is_silent = not is_end and _class(attributes) in _NOT_READ_OUT
            elif name in CODE and (is_end or _class(attributes) != _UNFORMATTED):
                open_code = max(0, open_code + (-1 if is_end else 1))
                if not open_code:
                    code.append("\n")
            if name in BLOCKS:
                text.append("\n")
            if name == "img" and (alt := _ALT.search(attributes)):
                # What an image shows is part of what a post says.
                text.append(alt[1])
        if open_code:
            code.append(written)
        if not is_silent:
            text.append(written)
    # Each character that is escaped stands within one piece, so all can be read together.
    return PlainText(_lines(html.unescape("".join(text))), html.unescape("".join(code)).strip("\n"))


def _class(attributes: str) -> str:
    found = _CLASS.search(attributes)
    return found[1] if found else ""


def _lines(text: str) -> str:
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))
