"""The tokens in which html5lib, inside Bleach, hands HTML from one step to the next."""

import html
from collections.abc import Mapping
from typing import Any

Token = dict[str, Any]

LINK_RELATION = "nofollow ugc noopener"


def attributes_of(values: Mapping[str, str]) -> dict[tuple[None, str], str]:
    """Return attributes with every special character escaped, since Bleach leaves entities as they are."""
    return {(None, name): html.escape(value) for name, value in values.items()}


def tag_token(kind: str, name: str, values: Mapping[str, str]) -> Token:
    """Return a StartTag, EndTag or EmptyTag with attributes as readers see them."""
    return {"type": kind, "name": name, "data": attributes_of(values)}


def text_token(text: str) -> Token:
    """Return a text as readers see it; the serialiser escapes it."""
    return {"type": "Characters", "data": text}
