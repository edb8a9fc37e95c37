"""Characters that mislead readers or parsers."""

import re

# Strings that came as JSON or from a database can hold halves of surrogate pairs, which no encoder accepts.
_SURROGATES = re.compile("[\ud800-\udfff]")

# Everything below the blank but tab and line feed, and the C1 controls. Python-Markdown marks its
# placeholders with two of them, so a text must not bring its own.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")

_BIDI_CONTROLS = {
    ord(character): f"[U+{ord(character):04X}]"
    for character in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
}


def without_controls(text: str) -> str:
    """Return the text with line feeds as its only line ends, valid Unicode, and no control but tab."""
    text = _SURROGATES.sub("\ufffd", text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def with_visible_direction(code: str) -> str:
    """Return code in which controls of writing direction show by their number.

    Left alone, they make a reader see other code than the machine runs (CVE-2021-42574).
    """
    return code.translate(_BIDI_CONTROLS)
