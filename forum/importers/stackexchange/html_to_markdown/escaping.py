"""Escaping what Markdown would take for its own, and nothing else."""

import re
import string

# Markdown drops a backslash before any ASCII punctuation.
_ESCAPABLE = string.punctuation

# All that any pattern below can match has or begins with one of these; most texts have none.
_SPECIAL = re.compile(r"[\\`*_~&<\[\]]")
_SPECIAL_START = re.compile(r"[#>\-+*\d=_\[|:~]")

_STAR = re.compile(r"(?<!\s)\*|\*(?!\s)|^\*|\*$")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_BACKSLASH = re.compile(r"\\(?=[" + re.escape(_ESCAPABLE) + r"]|$)")
_OPENING = re.compile(r"\[(?=[^\[\]]*\][(\[:]|\^|[ xX]\])")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ENTITY = re.compile(r"&(?=#?\w+;)")

_LINE_STARTS = (
    (re.compile(r"^#"), r"\\#"),
    (re.compile(r"^>"), r"\\>"),
    (re.compile(r"^([-+*])(?=\s|$)"), r"\\\1"),
    (re.compile(r"^(\d{1,9})([.)])(?=\s|$)"), r"\1\\\2"),
    (re.compile(r"^([-=_])(?=[-=_\s]*$)"), r"\\\1"),
    (re.compile(r"^\[(?=[^\]]*\]:)"), r"\\["),
    (re.compile(r"^\|"), r"\\|"),
    (re.compile(r"^:(?=[-|:\s]*$)"), r"&#58;"),
    (re.compile(r"^:(?=\s)"), r"&#58;"),
    (re.compile(r"^~(?=~~)"), r"\\~"),
)


def escape_text(text: str, *, in_link: bool = False) -> str:
    """Return a text in which Markdown finds nothing of its own within a line."""
    if not _SPECIAL.search(text):
        return text
    text = _BACKSLASH.sub(r"\\\\", text)
    text = text.replace("`", "\\`")
    text = _STAR.sub(r"\\*", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    text = text.replace("~~", "\\~\\~")
    text = _ENTITY.sub("&amp;", text)
    text = _TAG.sub("&lt;", text)
    if in_link:
        return text.replace("[", "\\[").replace("]", "\\]")
    return _OPENING.sub(r"\\[", text)


def escape_line_start(line: str) -> str:
    """Return a line of text that begins no list, heading, quote, rule or definition."""
    if not _SPECIAL_START.match(line):
        return line
    for pattern, replacement in _LINE_STARTS:
        escaped = pattern.sub(replacement, line, count=1)
        if escaped != line:
            return escaped
    return line


def code_span(text: str) -> str:
    """Return inline code, between more backticks than it holds in a row."""
    fence = "`" * (longest_run(text, "`") + 1)
    padding = " " if text.startswith("`") or text.endswith(("`", "\\")) else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def longest_run(text: str, char: str) -> int:
    """Return how many of one character follow each other in the text at most."""
    return max((len(run) for run in re.findall(re.escape(char) + "+", text)), default=0)
