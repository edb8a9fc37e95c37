"""The choices that Markdown leaves open; a post that doesn't survive one of them is written in another."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """How emphasis is written, and whether blocks of one kind that follow each other are kept apart.

    `emphasis` is '*', '_' or '<' for HTML elements; the first reads best, the last survives everywhere.
    """

    emphasis: str = "*"
    strong: str = "**"


DEFAULT = Dialect()
FALLBACKS = (Dialect(emphasis="_"), Dialect(emphasis="<", strong="<"))
"""What to try, in this order, for a post whose rendering differs from the original in the dialect before."""
