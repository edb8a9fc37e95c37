"""Files of images, made by Pillow as cameras, phones and screenshot programs make them."""

from io import BytesIO
from typing import Any

from PIL import Image

from forum.images import encoder, encoding
from forum.images.encoding import Encoded, encode
from forum.images.uploading import Allowance

RED, BLUE = (220, 20, 20), (20, 20, 220)
ALLOWANCE = Allowance(quota_bytes=1_000_000, file_bytes=10_000_000, pixels=60_000_000)


def written(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """Return an image as a file of a kind."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG", colour: Any = RED, **options: Any) -> bytes:
    """Return a file of one colour."""
    return written(Image.new("RGB", size, colour), kind, **options)


def halves(size: tuple[int, int] = (80, 40)) -> Image.Image:
    """Return an image that is red on the left and blue on the right."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    return image


def noise(size: tuple[int, int], kind: str = "PNG") -> bytes:
    """Return a file that can't be compressed."""
    return written(Image.effect_noise(size, 90), kind)


def animation(frames: int, kind: str, size: tuple[int, int] = (20, 10), **options: Any) -> bytes:
    """Return an animation in which the colour changes."""
    drawn = [Image.new("RGB", size, (number * 97 % 256, 0, 0)) for number in range(frames)]
    return written(drawn[0], kind, save_all=True, append_images=drawn[1:], duration=50, **options)


def made_anew(content: bytes, *, max_pixels: int = ALLOWANCE.pixels) -> Encoded:
    """Return what becomes of a file."""
    return encode(content, max_pixels=max_pixels)


def opened(encoded: Encoded, number: int = 0) -> Image.Image:
    """Return one of the files of an image, read by Pillow."""
    image = Image.open(BytesIO(encoded.contents[number]))
    image.load()
    return image


def answer_here(content: bytes, kind: str, max_pixels: int, _limits: encoding.Limits) -> bytes:
    """Make an image anew in this process, in place of `encoding._answer` where that is not what is tested."""
    return encoder.answer(content, kind, max_pixels=max_pixels)
