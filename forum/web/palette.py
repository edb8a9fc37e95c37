"""From one colour of a site's brand to all that the pages need of it, readable wherever it stands.

Text needs 4.5 times the contrast of its ground (WCAG 2.2, 1.4.3); a colour that has less is made darker, or
lighter on dark grounds, and keeps its hue. The grounds are those of static/css/tokens.css.
"""

import colorsys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

LEAST_CONTRAST = 4.6
"""A little more than WCAG asks for, because colours are rounded to whole steps."""

_STEPS = 24
"""Halvings while a lightness or a share is looked for; more would change nothing that is rounded."""

_MOST_TINT = (0.12, 0.26)
"""How much of the brand's colour is in soft grounds, in light and in dark."""


class Colour(NamedTuple):
    """Red, green and blue, each from 0 to 1."""

    red: float
    green: float
    blue: float

    @classmethod
    def read(cls, written: str) -> "Colour":
        """Return the colour that is written as #3d4ccb."""
        red, green, blue = (int(written[at : at + 2], 16) / 255 for at in (1, 3, 5))
        return cls(red, green, blue)

    def __str__(self) -> str:
        return "#" + "".join(f"{round(part * 255):02x}" for part in self)

    @property
    def luminance(self) -> float:
        """How bright it is, from 0 to 1, as WCAG defines it."""
        linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in self)
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    def contrast(self, other: "Colour") -> float:
        """Return the contrast of two colours, from 1 to 21, as WCAG defines it."""
        brighter, darker = sorted((self.luminance, other.luminance), reverse=True)
        return (brighter + 0.05) / (darker + 0.05)

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """Return this colour with so much of another."""
        return Colour(*(mine + (its - mine) * share for mine, its in zip(self, other, strict=True)))

    def with_lightness(self, lightness: float) -> "Colour":
        """Return the colour of the same hue with another lightness, from black at 0 to white at 1."""
        hue, _, saturation = colorsys.rgb_to_hls(*self)
        return Colour(*colorsys.hls_to_rgb(hue, lightness, saturation))


_WHITE = Colour.read("#ffffff")
_FAINT_INK = (Colour.read("#636a7a"), Colour.read("#939bab"))
_SURFACES = (_WHITE, Colour.read("#1b1e25"))
_GROUNDS = (
    tuple(map(Colour.read, ("#f7f6f3", "#ffffff", "#f1efea", "#fcebe9", "#fbf2de"))),
    tuple(map(Colour.read, ("#13151a", "#1b1e25", "#101217", "#3a1d1b", "#322810"))),
)


def palette(brand: Colour) -> Mapping[str, tuple[Colour, Colour]]:
    """Return the tokens that the colour of a brand decides, each in light and in dark."""
    soft = (_soft(brand, 0), _soft(brand, 1))
    fill = _nearest(brand, 0.0, grounds=(_WHITE,))
    strong = fill.with_lightness(colorsys.rgb_to_hls(*fill)[1] * 0.85)
    text = [
        _nearest(brand, towards, grounds=(*grounds, ground))
        for towards, grounds, ground in zip((0.0, 1.0), _GROUNDS, soft, strict=True)
    ]
    return {
        "accent": (text[0], text[1]),
        "accent-fill": (fill, fill),
        "accent-fill-strong": (strong, strong),
        "accent-soft": (soft[0], soft[1]),
    }


def _nearest(colour: Colour, towards: float, *, grounds: Sequence[Colour]) -> Colour:
    """Return the colour, or the first towards black (0) or white (1) that stands out from all grounds."""

    def stands_out(shade: Colour) -> bool:
        return all(shade.contrast(ground) >= LEAST_CONTRAST for ground in grounds)

    if stands_out(colour):
        return colour
    unfit, fit = colorsys.rgb_to_hls(*colour)[1], towards
    for _ in range(_STEPS):
        middle = (unfit + fit) / 2
        if stands_out(colour.with_lightness(middle)):
            fit = middle
        else:
            unfit = middle
    return colour.with_lightness(fit)


def _soft(brand: Colour, theme: int) -> Colour:
    """Return the surface with as much of the brand as the faintest text on it allows."""
    enough, too_much = 0.0, _MOST_TINT[theme]
    for _ in range(_STEPS):
        middle = (enough + too_much) / 2
        if _SURFACES[theme].mixed(brand, middle).contrast(_FAINT_INK[theme]) >= LEAST_CONTRAST:
            enough = middle
        else:
            too_much = middle
    return _SURFACES[theme].mixed(brand, enough)
