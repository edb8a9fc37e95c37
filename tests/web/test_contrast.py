"""Text is readable on every ground that it stands on, in light and in dark (WCAG 2.2, 1.4.3: 4.5 to 1)."""

import re

import pytest

from forum.web.static_files import SOURCES

GROUNDS = {
    "ink": ("paper", "surface", "sunken", "accent-soft", "good-soft", "warn-soft", "bad-soft"),
    "ink-soft": ("paper", "surface", "sunken", "accent-soft", "bad-soft"),
    "ink-faint": ("paper", "surface", "sunken", "accent-soft", "bad-soft"),
    "accent": ("paper", "surface", "sunken", "accent-soft", "bad-soft", "warn-soft"),
    "good": ("paper", "surface", "good-soft"),
    "warn": ("surface", "warn-soft"),
    "bad": ("paper", "surface", "bad-soft"),
    "on-fill": ("accent-fill", "accent-fill-strong", "good-fill", "bad-fill"),
}


def _colours() -> dict[str, tuple[str, str]]:
    tokens = (SOURCES / "css" / "tokens.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\(#(\w{6}), #(\w{6})\)", tokens)
    same = re.findall(r"--([\w-]+): #(\w{6});", tokens)
    return {name: (light, dark) for name, light, dark in pairs} | {name: (one, one) for name, one in same}


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"), [(text, on) for text, all_on in GROUNDS.items() for on in all_on]
)
def test_text_stands_out_from_its_ground(text: str, ground: str, theme: int) -> None:
    colours = _colours()
    one, other = (_luminance(colours[name][theme]) for name in (text, ground))
    brighter, darker = max(one, other), min(one, other)

    assert (brighter + 0.05) / (darker + 0.05) >= 4.5
