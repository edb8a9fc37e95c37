"""Paragraphs, lists, quotes, code blocks, headings and tables."""

import re
from collections.abc import Callable, Iterable

from lxml import etree

from forum.importers.stackexchange.html_to_markdown.dialect import Dialect
from forum.importers.stackexchange.html_to_markdown.escaping import escape_line_start, longest_run
from forum.importers.stackexchange.html_to_markdown.inline import BREAK, DEEPEST, Inline, child_nodes, text_of
from forum.importers.stackexchange.html_to_markdown.tables import write_table

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *_HEADINGS, "p", "div", "ul", "ol", "li", "blockquote", "pre", "hr", "table", "dl", "dt", "dd",
    "section", "article", "header", "footer", "details", "summary", "figure", "figcaption", "center",
}  # fmt: skip
_APART = "<!-- -->"
"""Keeps two quotes apart that follow each other, which Markdown would join."""
_LANGUAGE = re.compile(r"\blang(?:uage)?-([\w+#.-]+)")


def write_blocks(root: etree._Element, *, dialect: Dialect, rewrite: Callable[[str], str]) -> str:
    """Return the Markdown of all that stands in `root`."""
    return _Writer(Inline(dialect, rewrite)).children(root, depth=0)


class _Writer:
    def __init__(self, inline: Inline) -> None:
        self._inline = inline

    def children(self, element: etree._Element, *, depth: int) -> str:
        """Return the blocks inside an element, with a blank line between each two."""
        written: list[str] = []
        last_kind = ""
        for kind, block in self._blocks(element, depth=depth):
            if not block:
                continue
            if kind == last_kind == "blockquote":
                written.append(_APART)
            written.append(block)
            last_kind = kind
        return "\n\n".join(written)

    def _blocks(self, element: etree._Element, *, depth: int) -> Iterable[tuple[str, str]]:
        loose: list[etree._Element | str] = []
        lists = 0
        for node in child_nodes(element):
            if isinstance(node, str) or node.tag not in _BLOCKS:
                loose.append(node)
                continue
            if text := self._paragraph(loose):
                yield "p", text
                lists = 0
            loose = []
            # Lists that follow each other are told apart by their markers.
            lists = lists + 1 if node.tag in {"ul", "ol"} else 0
            yield from self._block(node, depth=depth, is_second_list=lists % 2 == 0)
        yield "p", self._paragraph(loose)

    def _block(
        self, element: etree._Element, *, depth: int, is_second_list: bool = False
    ) -> Iterable[tuple[str, str]]:
        tag = str(element.tag)
        if depth > DEEPEST:
            yield "p", self._paragraph([text_of(element)])
        elif tag in _HEADINGS:
            yield "heading", self._heading(element)
        elif tag in {"ul", "ol"}:
            yield "list", self._list(element, depth=depth, marks="*)" if is_second_list else "-.")
        elif tag == "blockquote":
            yield tag, _prefixed(self.children(element, depth=depth + 1), "> ")
        elif tag == "pre":
            yield tag, _code_block(element)
        elif tag == "hr":
            yield tag, "---"
        elif tag == "table":
            yield tag, write_table(element, self._inline)
        else:
            yield "p", self.children(element, depth=depth + 1)

    def _paragraph(self, nodes: list[etree._Element | str]) -> str:
        text = self._inline.nodes(nodes).strip(" " + BREAK)
        lines: list[str] = []
        for line in text.split(BREAK):
            if line.strip(" ") or not lines:
                lines.append(escape_line_start(line.strip(" ")))
            else:
                # An empty line would end the paragraph.
                lines[-1] += "<br>"
        return "  \n".join(lines)

    def _heading(self, element: etree._Element) -> str:
        text = self._inline.nodes(child_nodes(element)).strip(" " + BREAK).replace(BREAK, "<br>")
        # Closing hashes belong to the heading's form, so one that is text is told apart.
        text = re.sub(r"#$", r"\\#", text)
        return f"{'#' * _HEADINGS[str(element.tag)]} {text}" if text else ""

    def _list(self, element: etree._Element, *, depth: int, marks: str) -> str:
        contents = [self._item(item, depth=depth) for item in element if item.tag in {"li", "ul", "ol"}]
        is_loose = any(next(item.iterchildren("p"), None) is not None for item in element.iterchildren("li"))
        number = _start_of(element)
        items: list[str] = []
        for content in contents:
            marker = f"{marks[0]} " if element.tag == "ul" else f"{number}{marks[1]} "
            number += 1
            items.append((marker + content.replace("\n", "\n" + " " * len(marker))).rstrip())
        return _without_blank_ends(("\n\n" if is_loose else "\n").join(items))

    def _item(self, item: etree._Element, *, depth: int) -> str:
        if item.tag != "li":
            # A list that stands directly in a list, which is no HTML but was written all the same.
            return "".join(block for _, block in self._block(item, depth=depth + 1))
        content = self.children(item, depth=depth + 1)
        if next(item.iterchildren("p", "pre", "blockquote", "hr", "h1", "h2", "h3"), None) is None:
            # Without paragraphs of its own, an item's nested list follows its text at once.
            content = content.replace("\n\n", "\n")
        return content


def _without_blank_ends(text: str) -> str:
    """Take away the indentation of empty lines, but not the two blanks that break a line."""
    return re.sub(r"^ +$", "", text, flags=re.MULTILINE)


def _prefixed(text: str, prefix: str) -> str:
    return (
        "\n".join(f"{prefix}{line}" if line else prefix.rstrip() for line in text.split("\n")) if text else ""
    )


def _code_block(element: etree._Element) -> str:
    text = text_of(element).strip("\n").rstrip()
    if not text.strip():
        return ""
    fence = "`" * max(3, longest_run(text, "`") + 1)
    return f"{fence}{_language(element)}\n{text}\n{fence}"


def _language(element: etree._Element) -> str:
    classes = " ".join(node.get("class") or "" for node in element.iter("pre", "code"))
    found = _LANGUAGE.search(classes)
    return "" if found is None or found[1] == "none" else found[1].lower()


def _start_of(element: etree._Element) -> int:
    start = element.get("start") or ""
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
