"""The process that makes an image anew: one image from the standard input, then it ends.

    python -m forum.images.encoder KIND MAX_PIXELS CPU_SECONDS MEMORY_BYTES

Decoders of images are what hostile files are written for, and some files take long or much memory. A
process of its own can be killed, has a limit of memory, and holds none of the site's secrets. What leaves it
was drawn from pixels: no metadata, no second file behind the first, no byte of the original.
"""

import json
import signal
import sys
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError, features

from forum.core.markup.image_names import SMALL_BOX, fitted
from forum.images.rules import MAX_ANIMATED_PIXELS, MAX_EDGE, MAX_FRAMES
from forum.images.wire import HEAD

if sys.platform != "win32":  # It has neither; the parent's limit of time holds.
    import resource

_SHORTEST_FRAME, _LONGEST_FRAME = 20, 60_000  # milliseconds; browsers slow shorter ones down
_TRUE_COLOUR = {"RGB", "RGBA", "L", "LA"}
_SAVED_AS: dict[str, tuple[str, str, dict[str, Any]]] = {
    # Quality 85 is where people stop seeing a difference; photos of people have no sharp colours to lose.
    "JPEG": ("jpg", "JPEG", {"quality": 85, "optimize": True, "progressive": True}),
    "PNG": ("png", "PNG", {"optimize": False, "compress_level": 7}),
    "GIF": ("png", "PNG", {"optimize": False, "compress_level": 7}),
    "WEBP": ("webp", "WEBP", {"quality": 88, "method": 3}),
    "AVIF": ("webp", "WEBP", {"quality": 88, "method": 3}),
}
_SMALL = {"quality": 82, "method": 3}
_ANIMATED = {"quality": 75, "method": 0}


class Unusable(Exception):
    """The file can't be used for one of the refusals of `wire`, whose numbers these are."""

    def __init__(self, reason: str, **numbers: int) -> None:
        super().__init__(reason)
        self.reason, self.numbers = reason, numbers


def main() -> None:
    """Read the file from the standard input and write the answer."""
    kind, max_pixels, cpu_seconds, memory_bytes = sys.argv[1], *map(int, sys.argv[2:5])
    content = sys.stdin.buffer.read()
    _limit(cpu_seconds, memory_bytes)
    sys.stdout.buffer.write(answer(content, kind, max_pixels=max_pixels))
    sys.stdout.buffer.flush()


def answer(content: bytes, kind: str, *, max_pixels: int) -> bytes:
    """Return what became of a file: a head in JSON after its length, then the files that it announces."""
    files: Sequence[bytes] = ()
    head: dict[str, object]
    try:
        size, extension, files = encode(content, kind, max_pixels=max_pixels)
        head = {"size": size, "extension": extension, "lengths": [len(file) for file in files]}
    except Unusable as error:
        head = {"refused": error.reason, "numbers": error.numbers}
    written = json.dumps(head).encode()
    return HEAD.pack(len(written)) + written + b"".join(files)


def encode(content: bytes, kind: str, *, max_pixels: int) -> tuple[tuple[int, int], str, Sequence[bytes]]:
    """Return the size in pixels, the extension, and one or two files: full size, and small if that is needed.

    `kind` is what Pillow calls it. Raises Unusable.
    """
    if kind == "AVIF" and not features.check("avif"):
        raise Unusable("avif")
    # What a decoder may take is decided below by the head of the file, before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(content), formats=[kind]) as image:
            width, height = image.size
            if width * height > max_pixels:
                raise Unusable("pixels", width=width, height=height, most=max_pixels // 1_000_000)
            # Phones put several pictures into one JPEG, of which the first is the photo.
            frames = getattr(image, "n_frames", 1) if kind != "JPEG" else 1
            if frames > 1:
                return _animation(image, frames, loops_by_default=kind != "GIF")
            return _still(image, kind)
    except Unusable:
        raise
    except MemoryError:
        raise Unusable("memory") from None
    except UnidentifiedImageError:
        raise Unusable("damaged") from None
    except Exception:
        # Pillow raises OSError, SyntaxError, ValueError, EOFError, struct.error and more for broken files.
        raise Unusable("damaged") from None


def _still(image: Image.Image, kind: str) -> tuple[tuple[int, int], str, Sequence[bytes]]:
    # A JPEG can be decoded at a half, a quarter or an eighth, in a fraction of the time.
    image.draft(None, (MAX_EDGE, MAX_EDGE))
    image.load()
    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    size = fitted(*image.size, (MAX_EDGE, MAX_EDGE))
    is_palette = image.mode in {"1", "P"} and not image.has_transparency_data and not profile
    keeps_palette = is_palette and size == image.size and kind in {"PNG", "GIF"}
    drawn = image.copy() if keeps_palette else _in_srgb(_scaled(_true_colour(image), size), profile)
    extension, form, options = _SAVED_AS[kind]
    if form == "JPEG" and drawn.mode not in {"L", "RGB"}:
        drawn = drawn.convert("RGB")
    files = [_saved(drawn, form, options)]
    small_size = fitted(*size, SMALL_BOX)
    if small_size != size:
        files.append(_saved(_scaled(_true_colour(drawn), small_size), "WEBP", _SMALL))
    return size, extension, files


def _animation(
    image: Image.Image, frames: int, *, loops_by_default: bool
) -> tuple[tuple[int, int], str, Sequence[bytes]]:
    """Keep an animation moving, as WebP, which all browsers show and which is a fraction of a GIF."""
    width, height = image.size
    if frames > MAX_FRAMES or frames * width * height > MAX_ANIMATED_PIXELS:
        raise Unusable(
            "animation",
            frames=frames,
            width=width,
            height=height,
            most_frames=MAX_FRAMES,
            most=MAX_ANIMATED_PIXELS // 1_000_000,
        )
    size = fitted(width, height, SMALL_BOX)
    drawn, milliseconds = [], []
    for number in range(frames):
        image.seek(number)
        image.load()
        frame = _scaled(image.convert("RGBA"), size)
        frame.info = {}
        drawn.append(frame)
        shown = int(image.info.get("duration") or 100)
        milliseconds.append(min(max(shown, _SHORTEST_FRAME), _LONGEST_FRAME))
    loops = image.info.get("loop", 0 if loops_by_default else 1)
    options = {
        **_ANIMATED,
        "save_all": True,
        "append_images": drawn[1:],
        "duration": milliseconds,
        "loop": min(int(loops), 65_535),
    }
    return size, "webp", [_saved(drawn[0], "WEBP", options)]


def _true_colour(image: Image.Image) -> Image.Image:
    """Return the image in a mode that can be scaled without losing colours."""
    if image.mode.startswith("I"):
        # Sixteen bits of grey; converting them directly would cut all that is brighter than 255.
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in _TRUE_COLOUR or image.mode in {"CMYK", "LAB"}:
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _scaled(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the image in the colours that every screen assumes where no profile says otherwise."""
    wanted = "RGBA" if image.mode in {"RGBA", "LA"} else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode=wanted)
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            # A profile that is broken, or of another kind of colours, is as good as none.
            return image if image.mode in _TRUE_COLOUR else image.convert(wanted)
    return image if image.mode in _TRUE_COLOUR else image.convert(wanted)


def _saved(image: Image.Image, form: str, options: dict[str, Any]) -> bytes:
    # Pillow writes comments and profiles that it finds here.
    image.info = {}
    written = BytesIO()
    image.save(written, form, **options)
    return written.getvalue()


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    """Have the kernel end this process when it takes more, and dump nothing when a decoder crashes."""
    if sys.platform == "win32":
        return
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory_bytes if hard == resource.RLIM_INFINITY else min(memory_bytes, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ValueError, OSError):
        # macOS knows the limit by name only.
        return


if __name__ == "__main__":
    main()
