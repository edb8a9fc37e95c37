"""Texts of nothing but words, which most comments are: their HTML without parsing Markdown or HTML.

It is what the converter and Bleach make of such a text, in a fiftieth of the time; a test compares the two.
"""

import re

from forum.core.markup.values import Flavour, Rendered, Source

# Nothing that Markdown, HTML, an entity or a written-out address begins with, wherever it stands.
_UNMARKED = re.compile(r"(?:[^\\`*_~\[\]<>&|#:\t]|:(?!//))+")
# Blanks at the ends of a line can mean code or a line break; the others could begin a list, a heading's
# underline or a rule.
_LINE = re.compile(r"(?![-+=:\d\s])(?s:.*)(?<!\s)")
_BLANK_LINES = re.compile(r"\n{2,}")


def paragraphs(text: str, source: Source) -> Rendered | None:
    """Return the source, whose `text` is free of controls, if it is plain paragraphs; otherwise None."""
    if not _UNMARKED.fullmatch(text) or (source.mentions and "@" in text):
        return None
    lines = text.strip("\n").split("\n")
    if lines == [""] or not all(_LINE.fullmatch(line) for line in lines if line):
        return None
    blocks = _BLANK_LINES.split("\n".join(lines))
    broken = "<br>\n" if source.flavour is Flavour.COMMENT else "\n"
    html = "\n".join(f"<p>{block.replace(chr(10), broken)}</p>" for block in blocks)
    return Rendered(html, "\n".join(filter(None, lines)), "")
