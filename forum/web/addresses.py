"""Which addresses lead somewhere on this site, and which may be followed."""

from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

GREATEST_ID = 2**63 - 1
MAX_NEXT = 2_000
"""Longest address, in characters, that we send a browser to after signing in."""


class RowId(IntegerConverter):
    """A number in a path that a database can keep; greater ones lead nowhere."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        options.setdefault("max", GREATEST_ID)
        super().__init__(url_map, *args, **options)


def install(app: Flask) -> None:
    """Read numbers in paths as ids, and answer each address at one spelling only."""
    app.url_map.converters["int"] = RowId
    # Werkzeug would redirect // to / by an address that names the Host header, which anybody can write.
    app.url_map.merge_slashes = False


def safe_next(address: str | None) -> str | None:
    """Return the address if every browser reads it as a path on this site, else None.

    Browsers take a backslash for a slash and drop tabs and line feeds, so none of these may stand in it.
    """
    if not address or len(address) > MAX_NEXT:
        return None
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    # Blanks and controls; `isprintable` is false for all of them, and for invisible marks of direction.
    if not address.isprintable() or any(character.isspace() for character in address):
        return None
    return address


def here() -> str:
    """Return the path and query of the present request."""
    return request.full_path if request.query_string else request.path
