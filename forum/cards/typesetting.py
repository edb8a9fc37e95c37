"""Setting text with a font: what it has letters for, and where lines break."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features
from PIL.ImageFont import FreeTypeFont

OWN_FONT = Path(__file__).resolve().parent / "fonts" / "DejaVuSans-Bold.ttf"
ELLIPSIS = "…"
LONGEST_TEXT = 400
"""Characters of a text that are looked at; four lines hold far fewer."""
LEAST_DRAWABLE = 0.7
"""Share of the letters of a text that the font must have, or what is left says something else."""

_RIGHT_TO_LEFT = frozenset({"R", "AL"})
# No character, so every font draws its sign for a missing one.
_MISSING = "\U0010fffe"


@lru_cache(maxsize=16)
def font_of(path: str, size: int) -> FreeTypeFont:
    """Return a font in a size in pixels; raise OSError when the file is no font."""
    return ImageFont.truetype(path or OWN_FONT, size)


@lru_cache(maxsize=1)
def joins_letters() -> bool:
    """Tell whether scripts from right to left come out right: it takes two libraries beside Pillow."""
    return bool(features.check("raqm") and features.check("fribidi"))


def drawable(text: str, font: FreeTypeFont) -> str:
    """Return what the font can show of a text, or nothing when too many of its letters are missing."""
    text = " ".join(text[:LONGEST_TEXT].split())
    shown = "".join(character for character in text if character == " " or _has(font, character))
    letters = sum(character.isalnum() for character in text)
    kept = sum(character.isalnum() for character in shown)
    return " ".join(shown.split()) if letters and kept >= letters * LEAST_DRAWABLE else ""


def wrapped(text: str, font: FreeTypeFont, *, width: int, lines: int) -> tuple[str, ...]:
    """Break a text into at most so many lines of a width in pixels; what is longer ends with an ellipsis.

    A word that is wider than a line is broken where the line ends.
    """
    rest = text
    made: list[str] = []
    while rest and len(made) < lines:
        line = _first_line(rest, font, width)
        rest = rest[len(line) :].lstrip()
        made.append(line.rstrip())
    if rest:
        last = made[-1]
        while last and font.getlength(last + ELLIPSIS) > width:
            last = last[:-1]
        made[-1] = last.rstrip(" ,;:.") + ELLIPSIS
    return tuple(made)


def reads_from_right(text: str) -> bool:
    """Tell whether the first letter that has a direction belongs to a script from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction == "L" or direction in _RIGHT_TO_LEFT:
            return direction != "L"
    return False


def _first_line(text: str, font: FreeTypeFont, width: int) -> str:
    """Return as much of the beginning as fits, cut at a blank if there is one; at least one character."""
    least, most = 1, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if font.getlength(text[:middle].rstrip()) <= width:
            least = middle
        else:
            most = middle - 1
    if least == len(text) or text[least] == " ":
        return text[:least]
    blank = text.rfind(" ", 0, least)
    return text[:blank] if blank > 0 else text[:least]


def _has(font: FreeTypeFont, character: str) -> bool:
    category = unicodedata.category(character)
    if category[0] == "C" or (unicodedata.bidirectional(character) in _RIGHT_TO_LEFT and not joins_letters()):
        return False
    # Signs that only dress the letter before them have no outline of their own in some fonts.
    return category == "Mn" or _outline(font, character) != _outline(font, _MISSING)


@lru_cache(maxsize=20_000)
def _outline(font: FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character, mode="1")
    return mask.size, bytes(mask)
