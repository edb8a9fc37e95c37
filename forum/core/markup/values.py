"""What goes into rendering and what comes out of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

#: Grows by one whenever the same source gives other HTML than before, so that stored HTML can be renewed.
RENDER_VERSION = 3

DEFAULT_ANCHOR = "post"

_ANCHOR = re.compile(r"[a-z][a-z0-9-]{0,39}")


class Flavour(StrEnum):
    """Which constructs a text may use, by the place where it is shown."""

    POST = "post"
    COMMENT = "comment"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Source:
    """A text, the addresses of the names it may mention by their keys, and the prefix of its ids."""

    text: str
    flavour: Flavour = Flavour.POST
    mentions: Mapping[str, str] = field(default_factory=dict)
    anchor: str = DEFAULT_ANCHOR

    def __post_init__(self) -> None:
        if not _ANCHOR.fullmatch(self.anchor):
            raise ValueError(f"anchor {self.anchor!r} is not a lower-case word such as 'p42'")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Safe HTML with what search, excerpts and notifications need of it.

    `text` is the plain text with its code, `code` the code alone, `mentions` the keys that became links.
    `ok` is false when the source could not be rendered and `html` shows it unformatted.
    """

    html: str
    text: str
    code: str
    mentions: frozenset[str] = frozenset()
    ok: bool = True
    version: int = RENDER_VERSION
