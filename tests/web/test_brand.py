"""A site's own colour, font and logo; whatever the colour, what is written in it stays readable."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forum.core.errors import Misconfigured
from forum.core.settings import load_settings
from forum.web.palette import Colour, palette
from tests.web.conftest import MakeApp
from tests.web.test_contrast import GROUNDS, _colours

CHANGED = ("accent", "accent-fill", "accent-fill-strong", "accent-soft")


@given(st.tuples(*[st.integers(0, 255)] * 3))
@example((255, 255, 0))
@example((0, 0, 0))
@example((255, 255, 255))
@example((61, 76, 203))
def test_every_colour_leaves_text_readable(parts: tuple[int, int, int]) -> None:
    ours = {name: tuple(Colour.read(f"#{written}") for written in pair) for name, pair in _colours().items()}
    made = palette(Colour(*(part / 255 for part in parts)))
    colours = ours | {name: tuple(Colour.read(str(colour)) for colour in made[name]) for name in CHANGED}

    for text, grounds in GROUNDS.items():
        for ground in grounds:
            for theme in (0, 1):
                if {text, ground} & set(CHANGED):
                    contrast = colours[text][theme].contrast(colours[ground][theme])
                    assert contrast >= 4.5, (text, ground, theme)


def test_a_colour_that_is_readable_is_taken_as_it_is() -> None:
    assert str(palette(Colour.read("#3d4ccb"))["accent-fill"][0]) == "#3d4ccb"


def test_pages_take_colour_font_and_logo(make_app: MakeApp, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    visitor = make_app(brand_colour="#0a7d55", font="Inter, 'Segoe UI'", logo=logo).test_client()

    page = visitor.get("/").text
    address = page.partition('rel="stylesheet" href="/brand/')[2].partition("/")[0]
    styles = visitor.get(f"/brand/{address}/styles.css")
    shown = visitor.get(f"/brand/{address}/logo")

    assert "--accent-fill: light-dark(#0a7d55, #0a7d55);" in styles.text
    assert "--text: Inter, 'Segoe UI', system-ui, sans-serif;" in styles.text
    assert "immutable" in styles.headers["Cache-Control"]
    assert shown.content_type == "image/svg+xml"
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert f'<img class="wordmark-sign" src="/brand/{address}/logo"' in page
    assert '#0a7d55"' in visitor.get(f"/brand/{address}/icon.svg").text


def test_without_settings_there_are_no_such_files(make_app: MakeApp) -> None:
    visitor = make_app().test_client()

    assert "/brand/" not in visitor.get("/").text
    assert visitor.get("/brand/0/styles.css").status_code == 404
    assert visitor.get("/brand/0/nothing").status_code == 404


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("BRAND_COLOUR", "green", "ASKWELL_BRAND_COLOUR"),
        ("FONT", "Inter; } body { display: none", "ASKWELL_FONT"),
        ("LOGO", "/nowhere/logo.svg", "there is no file"),
        ("LOGO", "/nowhere/logo.gif", "is no picture"),
    ],
)
def test_what_can_not_be_used_is_said(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"ASKWELL_{name}", value)
    with pytest.raises(Misconfigured, match=message):
        load_settings()
