"""What an address asks for besides its path: one of a few words, or a page number."""

from collections.abc import Hashable
from enum import StrEnum
from typing import TypeVar

from flask import request

from forum.core.errors import NotFound
from forum.core.i18n import gettext

Choice = TypeVar("Choice", bound=StrEnum)

GREATEST_PAGE = 1_000_000
"""No numbered list is longer, and no database counts rows beyond 2^63."""


def chosen(name: str, default: Choice) -> Choice:
    """Return the word that the argument `name` asks for, or the default when it is none of that kind."""
    try:
        return type(default)(request.args.get(name, default))
    except ValueError:
        return default


def chosen_list() -> dict[str, Hashable]:
    """Return what the address of a list asks for besides its order and place."""
    is_compact, is_first = request.args.get("view") == "compact", not request.args.get("at")
    return {"endpoint": request.endpoint, "is_compact": is_compact, "is_first": is_first}


def chosen_page() -> int:
    """Return the number of the page asked for, from 1 on; raise NotFound for what is no such number."""
    text = request.args.get("page", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= GREATEST_PAGE):
        raise NotFound(gettext("There is no such page."))
    return int(text)
