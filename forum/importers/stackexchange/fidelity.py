"""How close the rendering of our Markdown comes to the HTML that a dump holds."""

import re
import unicodedata
from dataclasses import dataclass

from lxml import etree

from forum.importers.stackexchange.html_to_markdown import parse_html
from forum.importers.stackexchange.html_to_markdown.inline import text_of

# Elements that say nothing about what a reader sees, or that our renderer adds: tables get a frame,
# code gets colours, and a paragraph that is all of a list item looks like the item's own text.
_SAME_WITHOUT = {"div", "span", "tbody", "thead", "figure"}
_SYNONYMS = {"b": "strong", "i": "em", "strike": "s", "del": "s", "th": "td"}
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "blockquote", "pre", "hr", "br", "td", "tr",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
# Stands for text among the elements.
_TEXT = "#"
_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\u200b\u00ad\ufeff]")


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Whether two pieces of HTML read the same, and whether they are built the same."""

    same_text: bool
    same_structure: bool

    @property
    def is_complete(self) -> bool:
        """Tell whether a reader would see no difference."""
        return self.same_text and self.same_structure


def compare(original: str, rendered: str) -> Fidelity:
    """Compare the text and the elements of two pieces of HTML, as a reader would see them."""
    if original.strip() == rendered.strip():
        return Fidelity(same_text=True, same_structure=True)
    first, second = _outline(original), _outline(rendered)
    return Fidelity(
        same_text=first.text == second.text and first.code == second.code,
        same_structure=first.elements == second.elements,
    )


@dataclass(frozen=True, slots=True)
class _Outline:
    """The text with single blanks, the lines of code blocks as they are, and the elements that count."""

    text: str
    code: list[str]
    elements: list[str]


def _outline(html: str) -> _Outline:
    root = parse_html(html)
    text: list[str] = []
    elements: list[str] = []
    counts: list[bool] = []
    for event, node in etree.iterwalk(root, events=("start", "end")):
        tag = _SYNONYMS.get(node.tag, node.tag)
        if tag in _BLOCKS:
            text.append(" ")
        if event == "start":
            counts.append(_counts(node))
            if counts[-1]:
                elements.append("a" if tag == "img" else tag)
            _note_text(_text_in(node), text, elements)
        else:
            if counts.pop() and tag not in {"br", "hr"}:
                elements.append("/a" if tag == "img" else f"/{tag}")
            if node is not root:
                _note_text(node.tail or "", text, elements)
    code = [
        line.rstrip()
        for block in root.iter("pre")
        for line in text_of(block).strip("\n").rstrip().split("\n")
    ]
    return _Outline(_normalised("".join(text)), code, _without_noise(elements))


def _text_in(node: etree._Element) -> str:
    if node.tag == "img":
        return (node.get("alt") or "").strip() or (node.get("src") or "").rstrip("/").rpartition("/")[2]
    return node.text or ""


def _note_text(found: str, text: list[str], elements: list[str]) -> None:
    text.append(found)
    if found.strip() and elements[-1:] != [_TEXT]:
        elements.append(_TEXT)


def _normalised(text: str) -> str:
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def _counts(node: etree._Element) -> bool:
    """Tell whether an element shows in what a reader sees."""
    tag = node.tag
    if tag in _SAME_WITHOUT:
        return False
    if tag == "p":
        parent = node.getparent()
        return (parent is None or parent.tag != "li") and (len(node) > 0 or _has_text(node))
    if tag == "img":
        # An image is shown as a link to it, and as mere text inside of a link.
        return next(node.iterancestors("a"), None) is None
    if tag == "a" and node.get("class") == "mention":
        return False
    if tag in {"em", "strong", "b", "i", "code", "a"}:
        return _has_text(node) or next(node.iter("img"), None) is not None
    return True


def _has_text(node: etree._Element) -> bool:
    return bool((node.text or "").strip() or text_of(node).strip())


def _without_noise(elements: list[str]) -> list[str]:
    """Leave out breaks at the edge of a block, which show nothing."""
    kept: list[str] = []
    for element in elements:
        if element == "br" and kept and kept[-1].removeprefix("/") in _BLOCKS - {"br"}:
            continue
        if element.removeprefix("/") in _BLOCKS - {"br"}:
            while kept and kept[-1] == "br":
                kept.pop()
        kept.append(element)
    return kept
