import random
import struct
import threading
import time
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from forum.core.errors import Invalid, TooMany
from forum.core.markup.image_names import SMALL_BOX, fitted
from forum.images import encoder, encoding
from forum.images.rules import MAX_EDGE, MAX_FRAMES, recognise
from tests.images.pictures import BLUE, RED, animation, halves, made_anew, noise, opened, picture, written

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
SECRET = b"taken-at-home"


def tell_apart(found: tuple[int, ...], wanted: tuple[int, int, int]) -> int:
    """Return how far two colours are apart."""
    return max(abs(a - b) for a, b in zip(found[:3], wanted, strict=True))


@pytest.mark.parametrize(
    ("kind", "becomes"),
    [("PNG", "PNG"), ("JPEG", "JPEG"), ("GIF", "PNG"), ("WEBP", "WEBP"), ("AVIF", "WEBP")],
)
def test_each_kind_is_drawn_anew(kind: str, becomes: str) -> None:
    encoded = made_anew(picture((64, 48), kind))

    shown = opened(encoded)
    assert shown.format == becomes
    assert shown.size == (encoded.name.width, encoded.name.height) == (64, 48)
    assert encoded.name.small is None
    assert tell_apart(shown.convert("RGB").getpixel((5, 5)), RED) <= 12


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_each_mode_of_pixels_is_drawn(mode: str) -> None:
    image = Image.new("RGB", (30, 20), (255, 255, 255)).convert("L" if mode == "I;16" else mode)
    if mode == "I;16":
        image = Image.new("I;16", (30, 20), 65_535)

    encoded = made_anew(written(image, "JPEG" if mode == "CMYK" else "PNG"))

    assert tell_apart(opened(encoded).convert("RGB").getpixel((5, 5)), (255, 255, 255)) <= 4


def test_transparency_stays() -> None:
    clear = Image.new("RGBA", (30, 20), (0, 0, 0, 0))
    palette = Image.new("P", (30, 20), 0)
    palette.info["transparency"] = 0

    for content in (written(clear), written(clear, "WEBP"), written(palette, "GIF", transparency=0)):
        assert opened(made_anew(content)).convert("RGBA").getpixel((5, 5))[3] == 0


def test_the_same_file_always_has_the_same_name() -> None:
    assert made_anew(picture()).name == made_anew(picture()).name
    assert made_anew(picture()).name.key != made_anew(picture(colour=BLUE)).name.key


def test_photos_stand_upright_and_tell_nothing_about_who_took_them() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # Turned to the right when taken.
    exif[MAKER] = SECRET.decode()
    exif[GPS] = {1: "N", 2: (52.0, 31.0, 12.0)}

    encoded = made_anew(written(halves(), "JPEG", exif=exif, comment=SECRET))

    shown = opened(encoded)
    assert shown.size == (40, 80)
    assert tell_apart(shown.getpixel((20, 5)), RED) <= 12
    assert tell_apart(shown.getpixel((20, 75)), BLUE) <= 12
    assert not shown.getexif()
    assert SECRET not in encoded.contents[0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_texts_inside_of_files_are_left_out(kind: str) -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", SECRET.decode())
    options = {"PNG": {"pnginfo": note}, "WEBP": {"xmp": SECRET}, "GIF": {"comment": SECRET}}[kind]
    content = written(halves(), kind, **options)
    assert SECRET in content

    assert SECRET not in made_anew(content).contents[0]


def test_what_hangs_behind_an_image_is_left_out() -> None:
    page = b"<script>alert(1)</script>"

    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        assert b"script" not in made_anew(picture(kind=kind) + page).contents[0]


def test_profiles_of_colours_are_applied_and_left_out() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    for profile in (srgb, lab, b"no profile at all"):
        shown = opened(made_anew(written(halves(), "PNG", icc_profile=profile)))
        assert "icc_profile" not in shown.info
        assert tell_apart(shown.convert("RGB").getpixel((5, 5)), RED) <= 3


def test_large_images_are_made_smaller_and_have_a_copy_for_texts() -> None:
    encoded = made_anew(written(halves((6_000, 2_000)), "JPEG"))

    full, small = opened(encoded), opened(encoded, 1)
    assert full.size == (encoded.name.width, encoded.name.height) == (MAX_EDGE, 853)
    assert small.size == fitted(*full.size, SMALL_BOX)
    assert small.format == "WEBP"
    assert tell_apart(small.getpixel((10, 10)), RED) <= 12


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_animations_go_on_moving(kind: str) -> None:
    encoded = made_anew(animation(5, kind))

    shown = Image.open(BytesIO(encoded.contents[0]))
    assert (shown.format, shown.n_frames, shown.size) == ("WEBP", 5, (20, 10))
    shown.seek(3)
    shown.load()
    assert shown.info["duration"] == 50


def test_an_animation_repeats_as_often_as_it_did() -> None:
    once, forever = made_anew(animation(3, "GIF")), made_anew(animation(3, "GIF", loop=0))

    assert opened(once).info["loop"] == 1
    assert opened(forever).info["loop"] == 0


def test_a_wide_animation_is_made_as_small_as_texts_show_it() -> None:
    encoded = made_anew(animation(2, "GIF", (3_000, 300)))

    assert (encoded.name.width, encoded.name.height) == (1_440, 144)
    assert len(encoded.contents) == len(encoded.name.names) == 1


def test_animations_that_are_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid, match="too long: 301 frames"):
        made_anew(animation(MAX_FRAMES + 1, "GIF", (2, 2)))
    monkeypatch.setattr(encoder, "MAX_ANIMATED_PIXELS", 1_000)
    with pytest.raises(encoder.Unusable) as error:
        encoder.encode(animation(6, "GIF"), "GIF", max_pixels=1_000_000)
    assert (error.value.reason, error.value.numbers["frames"]) == ("animation", 6)


def test_bombs_are_refused_before_they_are_decoded() -> None:
    bomb = bytearray(picture((8, 8)))
    bomb[16:24] = struct.pack(">II", 300_000, 300_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bomb[12:29]))

    with pytest.raises(Invalid, match="300,000 × 300,000 pixels; 60 million in all"):
        made_anew(bytes(bomb))


def test_a_head_that_promises_too_much_is_refused() -> None:
    gif = bytearray(picture(kind="GIF"))
    gif[6:10] = b"\xff\xff\xff\xff"

    with pytest.raises(Invalid, match="65,535 × 65,535"):
        made_anew(bytes(gif))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_files_that_end_early_are_refused(kind: str) -> None:
    content = noise((200, 200), kind)

    for part in (20, len(content) // 3, len(content) - 40):
        with pytest.raises(Invalid, match="damaged or not complete"):
            made_anew(content[:part])


def _refusal_or_image(content: bytes, kind: str) -> None:
    """Make an image anew in this process, which is a hundred times faster than in one of its own."""
    try:
        size, extension, files = encoder.encode(content, kind, max_pixels=1_000_000)
    except encoder.Unusable:
        return
    assert files
    assert Image.open(BytesIO(files[0])).size == size
    assert extension in {"jpg", "png", "webp"}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["PNG", "JPEG", "GIF", "WEBP", "AVIF"]), st.randoms(use_true_random=False), st.data())
def test_damaged_files_give_an_image_or_a_message(
    kind: str, dice: random.Random, data: st.DataObject
) -> None:
    content = bytearray(animation(3, kind) if kind != "JPEG" and dice.random() < 0.5 else picture(kind=kind))
    for _ in range(data.draw(st.integers(min_value=1, max_value=8))):
        content[dice.randrange(12, len(content))] = dice.randrange(256)

    _refusal_or_image(bytes(content), kind)


@pytest.fixture(scope="module")
def slow() -> bytes:
    """A file that takes seconds."""
    return picture((7_000, 7_000))


def test_an_image_that_takes_too_long_is_given_up(slow: bytes) -> None:
    for limits in (
        encoding.Limits(cpu_seconds=1),
        encoding.Limits(clock_seconds=0.5),
    ):
        began = time.monotonic()
        with pytest.raises(Invalid, match="too long to read"):
            encoding.encode(slow, max_pixels=60_000_000, limits=limits)
        assert time.monotonic() - began < 10


def test_an_image_that_takes_too_much_memory_is_given_up(slow: bytes) -> None:
    limits = encoding.Limits(memory_bytes=300_000_000)

    with pytest.raises(Invalid, match="too much memory"):
        encoding.encode(slow, max_pixels=60_000_000, limits=limits)


def test_others_are_told_to_wait_while_images_are_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(encoding, "WAIT_SECONDS", 0.05)
    with encoding._turns, pytest.raises(TooMany, match="Try again in a moment"):
        made_anew(picture())

    assert made_anew(picture()).contents


def test_no_secret_of_the_site_reaches_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKWELL_SECRET_KEY", "s" * 40)
    seen: dict[str, str] = {}
    run: Callable[..., object] = encoding.subprocess.run

    def noting(*arguments: object, **options: Any) -> object:
        seen.update(options["env"])
        return run(*arguments, **options)

    monkeypatch.setattr(encoding.subprocess, "run", noting)
    made_anew(picture())

    assert "ASKWELL_SECRET_KEY" not in seen


def test_a_program_that_does_not_start_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding.sys, "executable", str(Path("/bin/false")))

    with pytest.raises(RuntimeError, match="can't be made anew"):
        made_anew(picture())


def test_the_kind_decides_and_never_another_decoder() -> None:
    # A file that begins as a PNG and goes on as a GIF.
    content = b"\x89PNG\r\n\x1a\n" + picture(kind="GIF")

    assert recognise(content) == "PNG"
    with pytest.raises(Invalid, match="damaged"):
        made_anew(content)
