"""What stands on a preview picture, and the name of this state of it."""

import hashlib
import json
from dataclasses import astuple, dataclass

DRAWING = 3
"""Number of the drawing: raised when the same card would look different, so that it is drawn anew."""


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that is shown of a question; `font` is a file of the site's own, or nothing.

    Whoever has it drawn speaks the `language` then.
    """

    site_name: str
    title: str
    score: int
    answer_count: int
    is_solved: bool
    tags: tuple[str, ...]
    font: str = ""
    language: str = "en"
    is_mirrored: bool = False
    """Whether lines of that language begin at the right."""

    @property
    def key(self) -> str:
        """A name for exactly this picture, in 32 hexadecimal digits."""
        shown = json.dumps([DRAWING, *astuple(self)])
        return hashlib.sha256(shown.encode()).hexdigest()[:32]
