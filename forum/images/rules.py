"""What may be uploaded, and how large images become; pure decisions and numbers."""

from datetime import timedelta

from forum.core.errors import Invalid, Refused
from forum.core.i18n import decimal, gettext

MEGABYTE = 1_000_000
"""Bytes, as disks and phones count them."""
MAX_EDGE = 2_560
"""Pixels of the longer side of a kept image: enough to read a screenshot of a large screen."""
MAX_FRAMES = 300
"""Frames of an animation: half a minute at ten frames a second."""
MAX_ANIMATED_PIXELS = 80_000_000
"""Pixels of all frames together, which decoded take 320 MB: 160 frames of 800 x 600."""
UNUSED_AFTER = timedelta(days=1)
"""An image that no text refers to is kept this long: somebody may still be writing the text it is for."""
ALT_LENGTH = 300

_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def recognise(content: bytes) -> str:
    """Return the kind of an image as Pillow calls it, by its first bytes; raise Invalid for other files."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    brands = _brands(content)
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    if brands & _HEIF:
        raise Invalid(
            "file", gettext("HEIC images can't be shown by browsers. Save it as JPEG and upload that.")
        )
    if b"<svg" in content[:4_096].lower():
        raise Invalid("file", gettext("SVG drawings may hold programs. Save it as PNG and upload that."))
    if not content:
        raise Invalid("file", gettext("The file is empty. Choose another one."))
    message = gettext(
        "This is no image that can be shown here. Save it as PNG, JPEG, GIF, WebP or AVIF and upload that."
    )
    raise Invalid("file", message)


def refuse_while_off(quota_bytes: int) -> None:
    """Raise Refused when people have no room for images at all."""
    if quota_bytes <= 0:
        raise Refused("no images", gettext("This site takes no images. Put yours elsewhere and link to it."))


def check_byte_count(byte_count: int, *, most: int) -> None:
    """Raise Invalid for a file of more bytes than one may have."""
    if byte_count > most:
        raise Invalid("file", too_large(most))


def too_large(most: int) -> str:
    """Return what to tell about a file of more than so many bytes."""
    return gettext(
        "An image may have %(size)s. Make it smaller, or cut out the part that matters.",
        size=in_megabytes(most),
    )


def refuse_beyond_quota(*, used: int, more: int, quota: int) -> None:
    """Raise Invalid when so many more bytes would exceed what a person may keep."""
    if used + more > quota:
        raise Invalid(
            "file",
            gettext(
                "Your images take %(used)s of %(quota)s, and this one needs %(more)s. Make it smaller; those "
                "that no text shows are removed after a day.",
                used=in_megabytes(used),
                quota=in_megabytes(quota),
                more=in_megabytes(more),
            ),
        )


def check_alt(alt: str) -> str:
    """Return what an image shows, in one line; raise Invalid for nothing, or for too much."""
    alt = " ".join(alt.split())
    if not alt:
        raise Invalid("alt", gettext("Say what the image shows, for those who can't see it and for search."))
    if len(alt) > ALT_LENGTH:
        message = gettext("Say what the image shows in at most %(most)s characters.", most=ALT_LENGTH)
        raise Invalid("alt", message)
    return alt


def markdown(path: str, alt: str) -> str:
    """Return the line that shows an image in a text."""
    escaped = "".join(f"\\{letter}" if letter in "\\[]`*_<>!" else letter for letter in " ".join(alt.split()))
    return f"![{escaped[: 2 * ALT_LENGTH] or 'image'}]({path})"


def in_megabytes(byte_count: int) -> str:
    """Return a number of bytes as people read it: "0.4 MB", "12 MB"."""
    megabytes = byte_count / MEGABYTE
    if 0 < megabytes < 0.1:
        return gettext("less than %(size)s", size=gettext("%(number)s MB", number=decimal(0.1)))
    return gettext("%(number)s MB", number=decimal(megabytes) if megabytes < 10 else round(megabytes))


def _brands(content: bytes) -> set[bytes]:
    """Return the brands in the head of a file of the MP4 family, to which AVIF and HEIC belong."""
    if content[4:8] != b"ftyp":
        return set()
    size = min(int.from_bytes(content[:4], "big"), 256)
    return {content[8:12]} | {content[at : at + 4] for at in range(16, size - 3, 4)}
