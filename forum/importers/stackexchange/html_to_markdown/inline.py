"""The inside of a paragraph: text, emphasis, code, links and images."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from lxml import etree

from forum.importers.stackexchange.html_to_markdown.dialect import Dialect
from forum.importers.stackexchange.html_to_markdown.escaping import code_span, escape_text

BREAK = "\v"
"""Stands for a line break until the paragraph is put together, as white space is collapsed before."""
DEEPEST = 40
"""Elements within each other; anything deeper is written as its text."""

_EMPHASIS = {"em", "i"}
_STRONG = {"strong", "b"}
_AS_HTML = {"kbd": "kbd", "sup": "sup", "sub": "sub", "s": "s", "strike": "s", "del": "s"}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_PLAIN_ADDRESS = re.compile(r"https?://[^\s<>()\[\]*_`\\\"']+[^\s<>()\[\]*_`\\\"'.,;:!?]")


@dataclass(frozen=True, slots=True)
class Inline:
    """Writes inline elements; the flags say what they stand in."""

    dialect: Dialect
    rewrite: Callable[[str], str]
    in_link: bool = False
    in_emphasis: bool = False
    in_strong: bool = False
    depth: int = 0

    def nodes(self, nodes: list[etree._Element | str]) -> str:
        """Return the Markdown of texts and elements that follow each other."""
        parts: list[str] = []
        for position, node in enumerate(nodes):
            if isinstance(node, str):
                text = escape_text(_SPACE.sub(" ", node), in_link=self.in_link)
                following = nodes[position + 1] if position + 1 < len(nodes) else None
                if text.endswith("!") and not isinstance(following, str) and following is not None:
                    text = text[:-1] + "\\!"
                parts.append(text)
            else:
                parts.append(self._element(node))
        return "".join(parts)

    def _element(self, element: etree._Element) -> str:
        tag = element.tag
        if self.depth > DEEPEST:
            return escape_text(_SPACE.sub(" ", text_of(element)), in_link=self.in_link)
        inside = replace(self, depth=self.depth + 1)
        if tag == "br":
            return BREAK
        if tag == "code":
            return inside._code(element)
        if tag == "a":
            return inside._link(element)
        if tag == "img":
            return inside._image(element)
        if tag in _EMPHASIS and not self.in_emphasis:
            return _wrap(
                self._emphasis_mark(element), replace(inside, in_emphasis=True)._children(element), "em"
            )
        if tag in _STRONG and not self.in_strong:
            return _wrap(self.dialect.strong, replace(inside, in_strong=True)._children(element), "strong")
        if tag in _AS_HTML:
            return f"<{_AS_HTML[tag]}>{inside._children(element)}</{_AS_HTML[tag]}>"
        return inside._children(element)

    def _children(self, element: etree._Element) -> str:
        return self.nodes(child_nodes(element))

    def _emphasis_mark(self, element: etree._Element) -> str:
        # Stars beside stars are read as one run, so emphasis around or in strong text takes the other mark.
        is_mixed = self.in_strong or next(element.iter("strong", "b"), None) is not None
        return "_" if is_mixed and self.dialect.emphasis == "*" else self.dialect.emphasis

    def _code(self, element: etree._Element) -> str:
        # Markdown takes blanks away from the ends of inline code, so they stand beside it.
        text = text_of(element).replace("\n", " ")
        before, text, after = _trimmed(text)
        return f"{before}{code_span(text)}{after}" if text else before

    def _link(self, element: etree._Element) -> str:
        address = self.rewrite((element.get("href") or "").strip())
        if not address or self.in_link:
            return self._children(element)
        text = text_of(element)
        if text == address and len(element) == 0 and _PLAIN_ADDRESS.fullmatch(text):
            return f"<{address}>"
        shown = replace(self, in_link=True)._children(element)
        before, shown, after = _trimmed(shown)
        return (
            f"{before}[{shown}]({_target(address, element.get('title'))}){after}" if shown else before + after
        )

    def _image(self, element: etree._Element) -> str:
        address = self.rewrite((element.get("src") or "").strip())
        if not address:
            return ""
        described = " ".join((element.get("alt") or "").split()) or address.rstrip("/").rpartition("/")[2]
        alt = escape_text(described, in_link=True)
        return f"![{alt}]({_target(address, element.get('title'))})"


def child_nodes(element: etree._Element) -> list[etree._Element | str]:
    """Return the texts and elements inside an element in their order."""
    nodes: list[etree._Element | str] = [element.text] if element.text else []
    for child in element:
        nodes.append(child)
        if child.tail:
            nodes.append(child.tail)
    return nodes


def text_of(element: etree._Element) -> str:
    """Return all text inside an element, with line breaks as such."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if node.tag == "br":
                parts.append("\n")
            elif node.text:
                parts.append(node.text)
        elif node is not element and node.tail:
            parts.append(node.tail)
    return "".join(parts)


def _wrap(mark: str, text: str, tag: str) -> str:
    """Put the marks around the text, outside of which they leave its blanks."""
    before, text, after = _trimmed(text)
    if not text:
        return before + after
    opening, closing = (f"<{tag}>", f"</{tag}>") if mark == "<" else (mark, mark)
    return f"{before}{opening}{text}{closing}{after}"


def _trimmed(text: str) -> tuple[str, str, str]:
    inner = text.strip(" " + BREAK)
    if not inner:
        return text, "", ""
    start = text.index(inner)
    return text[:start], inner, text[start + len(inner) :]


def _target(address: str, title: str | None) -> str:
    """Return what stands in the parentheses of a link or image."""
    address = (
        address.replace(" ", "%20")
        .replace("\n", "")
        .replace("<", "%3C")
        .replace(">", "%3E")
        .replace('"', "%22")
    )
    address = address.replace("\\", "%5C").replace("*", "%2A").replace("`", "%60")
    if address.count("(") != address.count(")") or address.startswith("("):
        address = address.replace("(", "%28").replace(")", "%29")
    title = " ".join((title or "").split())
    if not title:
        return address
    return f'{address} "{title.replace(chr(34), "&quot;")}"'
