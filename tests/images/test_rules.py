import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.errors import Invalid, Refused
from forum.core.markup import render
from forum.core.markup.image_names import SHOWN_BOX, SMALL_BOX, ImageName, fitted, image_keys, named
from forum.images import rules
from tests.images.pictures import picture

KEY = "0123456789abcdef" * 2
sizes = st.integers(min_value=1, max_value=20_000)
images = st.builds(
    ImageName,
    st.text("0123456789abcdef", min_size=32, max_size=32),
    sizes,
    sizes,
    st.sampled_from(["jpg", "png", "webp"]),
)


@given(images)
def test_each_file_of_an_image_tells_which_it_belongs_to(image: ImageName) -> None:
    assert [named(name) for name in image.names] == [image] * len(image.names)
    assert image_keys(f"![a]({image.path}) and [b]({image.shown_path})") == {image.key}


@given(sizes, sizes)
def test_shrinking_keeps_the_shape_and_never_enlarges(width: int, height: int) -> None:
    for box in (SHOWN_BOX, SMALL_BOX):
        across, down = fitted(width, height, box)

        assert 1 <= across <= min(width, box[0])
        assert 1 <= down <= min(height, box[1])
        scale = min(1, box[0] / width, box[1] / height)
        assert abs(across - max(1, width * scale)) <= 0.5 + 1e-6
        assert abs(down - max(1, height * scale)) <= 0.5 + 1e-6


@pytest.mark.parametrize(
    "name",
    [
        "",
        "new",
        f"{KEY}-0x10.png",
        f"{KEY}-10x10.svg",
        f"{KEY}-10x10.png.small.webp",  # It is small by itself.
        f"{KEY.upper()}-10x10.png",
        f"../{KEY}-10x10.png",
        f"{KEY}-10x10.png\n",
        f".{KEY}-10x10.png.ab12",
    ],
)
def test_other_names_are_none_of_ours(name: str) -> None:
    assert named(name) is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "PNG"),
        (b"\n<SVG onload=alert(1)>", "PNG"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "JPEG"),
        (b"%PDF-1.7", "Save it as PNG"),
        (b"BM" + bytes(60), "Save it as PNG"),
        (b"RIFF\x00\x00\x00\x00WAVE", "Save it as PNG"),
        (b"<html><img>", "Save it as PNG"),
    ],
)
def test_other_files_are_refused_with_what_to_do(content: bytes, message: str) -> None:
    with pytest.raises(Invalid, match=message) as refused:
        rules.recognise(content)

    assert refused.value.field == "file"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF"])
def test_the_kind_is_known_by_the_content(kind: str) -> None:
    assert rules.recognise(picture(kind=kind)) == kind


def test_the_head_of_heif_may_name_avif_second() -> None:
    assert rules.recognise(b"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00mif1avifmiaf") == "AVIF"


def test_a_site_without_room_takes_no_images() -> None:
    with pytest.raises(Refused, match="takes no images"):
        rules.refuse_while_off(0)
    rules.refuse_while_off(1)


def test_the_quota_may_be_filled_to_the_last_byte() -> None:
    rules.refuse_beyond_quota(used=900_000, more=100_000, quota=1_000_000)
    with pytest.raises(Invalid, match=r"0\.9 MB of 1 MB, and this one needs 0\.1 MB"):
        rules.refuse_beyond_quota(used=900_000, more=100_001, quota=1_000_000)


@pytest.mark.parametrize("alt", ["", " \n ", "x" * (rules.ALT_LENGTH + 1)])
def test_an_image_needs_a_description_that_is_not_too_long(alt: str) -> None:
    with pytest.raises(Invalid):
        rules.check_alt(alt)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 MB"),
        (40_000, "less than 0.1 MB"),
        (2_340_000, "2.3 MB"),
        (3_000_000, "3 MB"),
        (2e9, "2,000 MB"),
    ],
)
def test_bytes_are_told_in_megabytes(count: int, text: str) -> None:
    assert rules.in_megabytes(int(count)) == text


@pytest.mark.parametrize(
    "alt", ["a cat", "x](/q) [y", "*a* `b` ![c]", "back\\slash\\", "<b>a</b>", "a & b", "two\nlines", "a_b_c"]
)
def test_the_line_shows_exactly_what_was_described(alt: str) -> None:
    image = ImageName(KEY, 30, 20, "png")

    rendered = render(rules.markdown(image.path, alt))

    assert rendered.html.startswith(f'<p><img src="{image.path}" alt="')
    assert rendered.html.count("<") == 3
    assert rendered.text == " ".join(alt.split())


def test_an_image_without_a_description_is_called_one() -> None:
    assert rules.markdown("/images/x", " ") == "![image](/images/x)"
