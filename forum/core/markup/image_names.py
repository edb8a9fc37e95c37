"""What the site's own images are called: a name tells the size, so showing an image asks nobody.

`/images/` is followed by the key (the beginning of the hash of the content), the size in pixels and the kind:
`3f0c…9a-1600x1200.jpg`. An image too large to be shown in a text has a smaller copy, whose name follows from
that of the image: `3f0c…9a-1600x1200.jpg.small.webp`.
"""

import re
from dataclasses import dataclass

IMAGES_PATH = "/images/"
SHOWN_BOX = (720, 640)
"""The greatest width and height, in CSS pixels, at which an image is shown in a text: the text's own width,
and about the height of a laptop's window."""
SMALL_BOX = (1440, 1280)
"""Two pixels for each CSS pixel, as the screens of most phones and laptops have."""

_KEY = "[0-9a-f]{32}"
_NAME = re.compile(rf"({_KEY})-([1-9][0-9]{{0,4}})x([1-9][0-9]{{0,4}})\.(jpg|png|webp)")
_SMALL = ".small.webp"
_IN_TEXT = re.compile(rf"{IMAGES_PATH}({_KEY})-")


@dataclass(frozen=True, slots=True)
class ImageName:
    """An image by the hash of its content, its size in pixels and its kind (jpg, png or webp)."""

    key: str
    width: int
    height: int
    extension: str

    def __str__(self) -> str:
        """Return the name of the image in full size."""
        return f"{self.key}-{self.width}x{self.height}.{self.extension}"

    @property
    def path(self) -> str:
        """The address of the image in full size."""
        return f"{IMAGES_PATH}{self}"

    @property
    def small(self) -> str | None:
        """The name of the smaller copy, or None for an image that is small enough itself."""
        is_small = (self.width, self.height) == fitted(self.width, self.height, SMALL_BOX)
        return None if is_small else f"{self}{_SMALL}"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all files of the image."""
        return (str(self), self.small) if self.small else (str(self),)

    @property
    def shown_path(self) -> str:
        """The address of what a text shows."""
        return f"{IMAGES_PATH}{self.small or self}"

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height at which a text shows the image, in CSS pixels."""
        return fitted(self.width, self.height, SHOWN_BOX)


def named(name: str) -> ImageName | None:
    """Return the image that a file belongs to, full size or small, or None when the name is none of ours."""
    found = _NAME.fullmatch(name.removesuffix(_SMALL))
    if found is None:
        return None
    image = ImageName(found[1], int(found[2]), int(found[3]), found[4])
    return image if name in image.names else None


def image_at(address: str) -> ImageName | None:
    """Return the image at an address of this site, or None when another thing is there."""
    return named(address.removeprefix(IMAGES_PATH)) if address.startswith(IMAGES_PATH) else None


def image_keys(source: str) -> frozenset[str]:
    """Return the keys of the images whose addresses a text holds, in whatever way it uses them."""
    return frozenset(_IN_TEXT.findall(source))


def fitted(width: int, height: int, box: tuple[int, int]) -> tuple[int, int]:
    """Return the size of an image shrunk to fit a box, in whole pixels; a smaller one stays as it is."""
    across, down = box
    if width <= across and height <= down:
        return width, height
    if width * down >= height * across:
        return across, max(1, (2 * height * across + width) // (2 * width))
    return max(1, (2 * width * down + height) // (2 * height)), down
