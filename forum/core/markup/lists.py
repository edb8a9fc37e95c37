"""Lists as CommonMark has them, in place of those of Python-Markdown.

Python-Markdown wants a blank line before a list and four blanks before a nested one, and calls that final
(Python-Markdown issues 1442, 1563). People used to GitHub and Stack Overflow write neither.
"""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement

from markdown.blockprocessors import BlockProcessor

MAX_DEPTH = 12  # lists in lists; deeper ones stay text, or a line of 10,000 hyphens would be as many lists

_ITEM = re.compile(
    r"(?P<indent> {0,3})(?P<mark>[*+-]|(?P<number>\d{1,9})(?P<stop>[.)]))(?P<gap> +|$)(?P<text>.*)"
)
_RULE = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
# What ends a paragraph, and with it an item that goes on in unindented lines.
_INTERRUPTION = re.compile(r" {0,3}(?:>|#{1,6} |\x02wzxhzdk:)")

# The addresses of links, which editors put at the end, often indented as if they belonged to the last item.
_DEFINITION = re.compile(r" {0,3}\[[^\]]+\]:")


@dataclass(frozen=True, slots=True)
class _Marker:
    """The start of an item: its content begins at column `offset`, lists are of one `kind`."""

    kind: str
    number: int | None
    offset: int
    text: str

    @property
    def interrupts(self) -> bool:
        """Whether an item like this may follow a line of a paragraph directly."""
        return bool(self.text.strip()) and self.number in (None, 1)


@dataclass(slots=True)
class _List:
    """The items read so far, as lines freed of their indentation."""

    kind: str
    offset: int = 0
    items: list[list[str]] = field(default_factory=list)
    loose: bool = False

    def add(self, lines: list[str]) -> list[str]:
        """Take lines that no blank line divides, and return those that don't belong to the list."""
        after_blank = bool(self.items)
        for index, line in enumerate(lines):
            marker = _marker(line)
            if self.items and _indent(line) >= self.offset:
                self._continue(line[self.offset :], after_blank)
            elif marker and marker.kind == self.kind:
                self.loose |= after_blank
                self.items.append([marker.text])
                self.offset = marker.offset
            elif marker or after_blank or _RULE.match(line) or _INTERRUPTION.match(line):
                return lines[index:]
            else:
                self._continue(line.lstrip(), after_blank)
            after_blank = False
        return []

    def goes_on_with(self, block: str) -> bool:
        """Tell whether a block after a blank line belongs to the list."""
        line = block.partition("\n")[0]
        if _DEFINITION.match(line):
            return False
        marker = _marker(line)
        return _indent(line) >= self.offset or (marker is not None and marker.kind == self.kind)

    def _continue(self, text: str, after_blank: bool) -> None:
        if after_blank:
            self.items[-1].append("")
        self.items[-1].append(text)


class Lists(BlockProcessor):
    """Build ordered and unordered lists, nested by the column at which the content of an item begins."""

    depth = 0

    def test(self, parent: Element, block: str) -> bool:
        """Tell whether a list may begin here."""
        return self.depth < MAX_DEPTH

    def run(self, parent: Element, blocks: list[str]) -> bool:
        """Take the text before the list and the whole list, and return whether there is one."""
        lines = blocks[0].split("\n")
        start = _first_item(lines)
        if start is None:
            return False
        first, marker = start
        del blocks[0]
        if first:
            self.parser.parseBlocks(parent, ["\n".join(lines[:first])])
        found = _List(marker.kind)
        rest = found.add(lines[first:])
        while (
            not rest
            and (blank := _blank_blocks(blocks)) < len(blocks)
            and found.goes_on_with(blocks[blank].lstrip("\n"))
        ):
            rest = found.add(blocks[blank].lstrip("\n").split("\n"))
            del blocks[: blank + 1]
        if rest:
            blocks.insert(0, "\n".join(rest))
        self._build(parent, found, marker.number)
        return True

    def _build(self, parent: Element, found: _List, start: int | None) -> None:
        element = SubElement(parent, "ul" if start is None else "ol")
        if start is not None and start != 1:
            element.set("start", str(start))
        contents = ["\n".join(item).split("\n\n") for item in found.items]
        loose = found.loose or any(map(_is_loose, contents))
        self.depth += 1
        for content in contents:
            item = SubElement(element, "li")
            self.parser.parseBlocks(item, content)
            if not loose:
                _unwrap_paragraphs(item)
        self.depth -= 1


def _first_item(lines: list[str]) -> tuple[int, _Marker] | None:
    for index, line in enumerate(lines):
        marker = _marker(line)
        if marker and (index == 0 or marker.interrupts):
            return index, marker
    return None


def _marker(line: str) -> _Marker | None:
    found = _ITEM.match(line)
    if found is None or _RULE.match(line):
        return None
    number = int(found["number"]) if found["number"] else None
    gap = len(found["gap"])
    text = found["text"]
    if not text:
        gap = 1
    elif gap > 4:
        # The item begins with indented code.
        text = " " * (gap - 1) + text
        gap = 1
    return _Marker(found["stop"] or found["mark"], number, found.end("mark") + gap, text)


def _is_loose(blocks: list[str]) -> bool:
    """Tell whether blank lines divide an item itself rather than a list in it."""
    in_list = False
    for index, block in enumerate(blocks):
        lines = block.strip("\n").split("\n")
        begins_item = _marker(lines[0]) is not None
        if index and not (in_list and (begins_item or lines[0].startswith(" "))):
            return True
        in_list = in_list or _first_item(lines) is not None
    return False


def _unwrap_paragraphs(item: Element) -> None:
    previous: Element | None = None
    for child in list(item):
        if child.tag != "p":
            previous = child
            continue
        if previous is None:
            item.text = _joined(item.text, child.text)
        else:
            previous.tail = _joined(previous.tail, child.text)
        item.remove(child)


def _joined(before: str | None, after: str | None) -> str | None:
    return f"{before}\n{after}" if before and after else before or after


def _blank_blocks(blocks: list[str]) -> int:
    return next((index for index, block in enumerate(blocks) if block.strip("\n")), len(blocks))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
