"""A picture to draw on as if lines began at the left, mirrored where they begin at the right."""

from typing import Literal

from PIL import Image, ImageDraw
from PIL.ImageFont import FreeTypeFont

Side = Literal["l", "m", "r"]
_OPPOSITE: dict[Side, Side] = {"l": "r", "m": "m", "r": "l"}


class Canvas:
    """Draws shapes and texts; what is at the left of the drawing is at the right of a mirrored picture."""

    def __init__(self, picture: Image.Image, *, is_mirrored: bool) -> None:
        self._draw = ImageDraw.Draw(picture)
        self._width = picture.width
        self.is_mirrored = is_mirrored

    def box(
        self, left: float, top: float, right: float, bottom: float, *, fill: str, radius: float = 0
    ) -> None:
        """Fill a rectangle with round corners."""
        if self.is_mirrored:
            left, right = self._across(right), self._across(left)
        self._draw.rounded_rectangle((left, top, right, bottom), radius, fill=fill)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        font: FreeTypeFont,
        *,
        ink: str,
        side: Side = "l",
        direction: str | None = None,
    ) -> None:
        """Write a line with its side, or its middle, at `x` and its middle at `y`."""
        if self.is_mirrored:
            x, side = self._across(x), _OPPOSITE[side]
        self._draw.text((x, y), text, font=font, fill=ink, anchor=f"{side}m", direction=direction)

    def tick(self, x: float, y: float, *, ink: str) -> None:
        """Draw a tick, 28 pixels wide, which is the same in both directions."""
        # Drawn and not written: fonts of a site's own may have no tick.
        x = self._across(x + 28) if self.is_mirrored else x
        self._draw.line([(x, y + 1), (x + 10, y + 11), (x + 28, y - 11)], fill=ink, width=6, joint="curve")

    def _across(self, x: float) -> float:
        return self._width - x
