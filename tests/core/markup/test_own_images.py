"""Images of the site in texts: shown with their size, the large ones leading to all they have to see."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.markup import Flavour, Source
from forum.core.markup.image_names import ImageName
from forum.core.markup.pipeline import convert
from forum.core.markup.sanitising import sanitise
from forum.posts.rules import excerpt
from forum.search.plain_text import plain_text
from tests.core.markup.html_checker import faults

KEY = "0123456789abcdef" * 2
TINY = ImageName(KEY, 300, 200, "png")
LARGE = ImageName(KEY, 2_560, 1_920, "jpg")
LAZY = 'loading="lazy" decoding="async"'


def html_of(source: str, flavour: Flavour = Flavour.POST) -> str:
    return convert(Source(source, flavour)).html


def test_a_small_image_is_shown_as_it_is() -> None:
    assert html_of(f'![a "cat" & <dog>]({TINY.path} "title")') == (
        f'<p><img src="{TINY.path}" alt="a &quot;cat&quot; &amp; &lt;dog&gt;" title="title" '
        f'width="300" height="200" {LAZY}></p>'
    )


def test_a_large_image_is_shown_small_and_leads_to_its_full_size() -> None:
    shown = f'<img src="{LARGE.path}.small.webp" alt="a" width="720" height="540" {LAZY}>'

    assert html_of(f"![a]({LARGE.path})") == f'<p><a href="{LARGE.path}">{shown}</a></p>'
    assert html_of(f"![a]({LARGE.shown_path})") == f'<p><a href="{LARGE.path}">{shown}</a></p>'


def test_an_image_between_both_is_sent_whole() -> None:
    image = ImageName(KEY, 1_400, 700, "webp")

    assert f'<img src="{image.path}" alt="a" width="720" height="360"' in html_of(f"![a]({image.path})")


def test_an_image_in_a_link_leads_where_the_link_leads() -> None:
    html = html_of(f"[![a]({LARGE.path})](https://example.org)")

    assert html.count("<a ") == 1
    assert '<a href="https://example.org"' in html
    assert '<img src="' in html


@pytest.mark.parametrize(
    "address",
    [
        "/images/new",
        "/images/",
        f"/images/{KEY}-0x0.png",
        f"/images/{KEY}-300x200.svg",
        f"/images/../images/{KEY}-300x200.png",
        f"{TINY.path}?size=9",
        f"{TINY.path}#x",
        f"{TINY.path}.small.webp",
        f"/x{TINY.path}",
        "/sign-out",
        f"https://example.org{TINY.path}",
    ],
)
def test_everything_else_is_a_link(address: str) -> None:
    html = html_of(f"![a]({address})")

    assert "<img" not in html
    assert "<a " in html


@pytest.mark.parametrize("flavour", [Flavour.COMMENT, Flavour.ABOUT])
def test_comments_and_profiles_link_to_images(flavour: Flavour) -> None:
    html = html_of(f"![a cat]({TINY.path})", flavour)

    assert html == f'<p><a href="{TINY.path}" class="remote-image">a cat</a></p>'


def test_html_that_writers_give_an_image_is_replaced() -> None:
    html = html_of(
        f'<img src="{TINY.path}" width="9999" height="1" loading="eager" class="a" style="x" onload="x">'
    )

    assert html == f'<p><img src="{TINY.path}" alt="" width="300" height="200" {LAZY}></p>'


@given(
    st.integers(1, 2_560),
    st.integers(1, 2_560),
    st.sampled_from(["jpg", "png", "webp"]),
    st.text(max_size=40),
)
def test_whatever_its_size_and_description_it_is_safe_and_stays(
    width: int, height: int, extension: str, alt: str
) -> None:
    image = ImageName(KEY, width, height, extension)

    html = html_of(f'<img src="{image.path}" alt="{alt}"> ![{alt}]({image.shown_path})')

    assert faults(html) == []
    assert sanitise(html).html == html


@pytest.mark.parametrize(("image", "prose"), [*product([TINY, LARGE], ["before {} after", "{}\n\nafter"])])
def test_search_and_excerpts_read_what_an_image_shows(image: ImageName, prose: str) -> None:
    rendered = convert(Source(prose.format(f"![code 43 & more]({image.path})")))

    assert rendered.text == plain_text(rendered.html).text
    assert rendered.text.split() == prose.format("code 43 & more").split()
    assert excerpt(rendered.text) == " ".join(prose.format("code 43 & more").split())
