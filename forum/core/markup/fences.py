"""Fenced code blocks as CommonMark has them, in lists and quotes too.

The blocks are taken out of the source before anything else looks at it, so that tabs and blank lines in
code stay as they are. A line with a placeholder is left in their place.
"""

import re
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.preprocessors import Preprocessor

from forum.core.markup.highlighting import language_named

_QUOTE = re.compile(r" {0,3}> ?")
_ITEM = re.compile(r" *(?:[-*+]|\d{1,9}[.)])(?: {1,4}|$)")
_FENCE = re.compile(r"(?P<lead> *(?:(?:[-*+]|\d{1,9}[.)]) {1,4})?)(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_PLACEHOLDER_LINE = re.compile("^ *(\x02wzxhzdk:[0-9]+\x03) *$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Fence:
    """An opening fence: `quotes` deep in quotes, at a `column` of what is quoted."""

    quotes: int
    prefix: str
    column: int
    mark: str
    info: str

    def is_closed_by(self, line: str) -> bool:
        mark = line.strip()
        return (
            len(mark) >= len(self.mark) and not mark.strip(self.mark[0]) and _indent(line) <= self.column + 3
        )


class FencedCode(Preprocessor):
    """Replace each fenced block by a line with the placeholder of its HTML.

    It also takes the tabs out of all other lines, as block processors expect it, in place of
    Python-Markdown's own step: that one would take them out of code, or the placeholders out of the text.
    """

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._stash = md.htmlStash

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with every fenced block replaced; an open one ends with its quote or the text."""
        result: list[str] = []
        column = _ListColumn()
        position = 0
        while position < len(lines):
            line = _without_leading_tabs(lines[position])
            position += 1
            fence = _opening(line, column)
            if fence is None:
                column.note(line)
                result.append(line.expandtabs(4) if line.strip() else "")
                continue
            code, position = _body(lines, position, fence)
            result.append(fence.prefix + self._stash.store(_html(code, language_named(fence.info))))
            if fence.quotes and position < len(lines) and _unquoted(lines[position], 1) is None:
                # Only a paragraph goes on in lines without the mark of the quote.
                result.append("")
        # Block processors look for the blank line after the last block.
        return [*result, "", ""]


class FencedCodePlaces(BlockProcessor):
    """Give each line with a placeholder a place of its own: a fence needs no blank lines around it."""

    def test(self, parent: Element, block: str) -> bool:
        """Tell whether the block holds such a line."""
        return _PLACEHOLDER_LINE.search(block) is not None

    def run(self, parent: Element, blocks: list[str]) -> None:
        """Take the lines before the first such line, then that one; what follows is looked at again."""
        before, placeholder, after = _PLACEHOLDER_LINE.split(blocks.pop(0), maxsplit=1)
        if before := before.rstrip("\n"):
            self.parser.parseBlocks(parent, [before])
        SubElement(parent, "p").text = placeholder
        if after := after.lstrip("\n"):
            blocks.insert(0, after)


class _ListColumn:
    """The column at which the content of the current list item begins; 0 outside of lists.

    A fence indented by four or more from there is indented code that shows a fence.
    """

    def __init__(self) -> None:
        self.column = 0
        self._after_blank = False

    def note(self, line: str) -> None:
        quoted = line[_quote_end(line) :]
        if not quoted.strip():
            self._after_blank = True
            return
        item = _ITEM.match(quoted)
        indent = _indent(quoted)
        if item and indent < self.column + 4:
            self.column = item.end()
        elif self._after_blank and indent < self.column:
            self.column = indent if indent > 1 else 0
        self._after_blank = False


def _opening(line: str, column: _ListColumn) -> _Fence | None:
    start = _quote_end(line)
    found = _FENCE.match(line, start)
    if found is None or _indent(line[start:]) >= column.column + 4:
        return None
    if found["fence"][0] == "`" and "`" in found["info"]:
        return None
    quotes = line.count(">", 0, start)
    if found["lead"].strip():
        column.note(line)
    return _Fence(quotes, line[: found.end("lead")], len(found["lead"]), found["fence"], found["info"])


def _body(lines: list[str], position: int, fence: _Fence) -> tuple[str, int]:
    """Return the code, with a line feed at its end, and the position of the first line after the block."""
    code: list[str] = []
    while position < len(lines):
        quoted = _unquoted(lines[position], fence.quotes)
        if quoted is None:
            break
        position += 1
        if fence.is_closed_by(quoted):
            break
        code.append(_dedented(quoted, fence.column))
    return "".join(f"{line}\n" for line in code), position


def _html(code: str, language: str | None) -> str:
    """Return the block without colours; a late step puts them in, and so saves Bleach the reading of them."""
    if language is None:
        return f"<pre><code>{escape(code, quote=False)}</code></pre>"
    return (
        f'<pre class="highlight"><code class="language-{language}">{escape(code, quote=False)}</code></pre>'
    )


def _quote_end(line: str) -> int:
    end = 0
    while mark := _QUOTE.match(line, end):
        end = mark.end()
    return end


def _unquoted(line: str, quotes: int) -> str | None:
    end = 0
    for _ in range(quotes):
        mark = _QUOTE.match(line, end)
        if mark is None:
            return None
        end = mark.end()
    return line[end:]


def _dedented(line: str, columns: int) -> str:
    if not columns:
        return line
    line = _without_leading_tabs(line)
    return line[min(columns, _indent(line)) :]


def _without_leading_tabs(line: str) -> str:
    if not line.startswith((" ", "\t")):
        return line
    text = line.lstrip(" \t")
    return line[: len(line) - len(text)].expandtabs(4) + text


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
