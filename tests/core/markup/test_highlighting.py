import re
from pathlib import Path

import pytest
from pygments.token import STANDARD_TYPES

from forum.core.markup.highlighting import LANGUAGES, coloured, language_named


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_every_language_has_a_lexer_that_loses_no_character(language: str) -> None:
    code = 'def f(a):\n\treturn "b" # c\n\n<x y="z">1</x>\n'

    assert "".join(text for _, text in coloured(code, language)) == code


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_pieces_of_code_carry_standard_classes(language: str) -> None:
    classes = {name for name, _ in coloured('if (x == "1") { return 2; } // c\n', language)}

    assert classes <= set(STANDARD_TYPES.values())


@pytest.mark.parametrize(
    ("info", "language"),
    [("C++", "cpp"), ("c#", "csharp"), (".js", "javascript"), ("{.yml}", "yaml"), ("", None), ("{}", None)],
)
def test_languages_are_known_by_several_names(info: str, language: str | None) -> None:
    assert language_named(info) == language


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted([_luminance(one), _luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_can_be_read_in_every_theme(project_dir: Path, theme: str) -> None:
    css = "".join(
        (project_dir / "forum" / "static" / "css" / name).read_text(encoding="utf-8")
        for name in ("highlight.css", "tokens.css")
    )
    pairs = re.findall(r"--([a-z-]+): *light-dark\((#[0-9a-f]{6}), *(#[0-9a-f]{6})\)", css)
    colours = {name: light if theme == "light" else dark for name, light, dark in pairs}
    # Posts show code on the site's own --sunken, other pages on the background of the stylesheet.
    backgrounds = [colours["code-plain-background"], colours["sunken"]]
    code = [name for name in colours if name.startswith("code-") and name != "code-plain-background"]

    assert len(code) > 8
    weak = [(name, b) for name in code for b in backgrounds if _contrast(colours[name], b) < 4.5]
    assert weak == []


def test_the_stylesheet_knows_no_class_that_pygments_does_not_write(project_dir: Path) -> None:
    css = (project_dir / "forum" / "static" / "css" / "highlight.css").read_text(encoding="utf-8")
    classes = set(re.findall(r"\.([a-z][a-z0-9]*)(?=[,) ])", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)))

    assert classes - {"highlight"} <= set(STANDARD_TYPES.values())
