"""Finds what people read in templates outside of the catalogues."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"

GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
_SAID = {"aria-description", "aria-label", "alt", "label", "placeholder", "title", "content"}
"""Attributes whose value is read to people as it stands."""
_WRITTEN_AS_IT_IS = {"code", "kbd", "pre", "samp", "script", "style", "svg"}
_VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
_LETTER = re.compile(r"[^\W\d_]")
_SENTENCE = re.compile(r"^[A-Z][a-z]+( |$)")
_FILLED_IN = "\x00"
# Addresses, and the parts of them that a block holds for its page.
_ADDRESS = re.compile(r"^/[^ ]*$|^https?://[^ ]+$")


class _Reader(HTMLParser):
    """Collects the texts and the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_silent = tag in _WRITTEN_AS_IT_IS or given.get("translate") == "no"
        if tag not in _VOID and (is_silent or self._silent):
            self._silent.append(tag)
        for name, value in attrs:
            if value and self._is_said(name, value, tag, given):
                self.found.append(f'{name}="{value}"')

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag in self._silent:
            while self._silent.pop() != tag:
                pass

    def handle_data(self, text: str) -> None:
        text = text.strip()
        if not self._silent and _LETTER.search(text) and not _ADDRESS.match(text):
            self.found.append(text)

    def _is_said(self, name: str, value: str, tag: str, given: dict[str, str | None]) -> bool:
        if name == "content":
            return "description" in (given.get("name") or given.get("property") or "") and bool(
                _LETTER.search(value)
            )
        if name in _SAID:
            return bool(_LETTER.search(value.replace(_FILLED_IN, "")))
        return name.startswith(("data-", "hx-confirm")) and " " in value and bool(_SENTENCE.match(value))


def unmarked(source: str, environment: Environment, classes: set[str]) -> list[str]:
    """Return the texts of one template that no catalogue can have."""
    tree = environment.parse(source)
    reader = _Reader()
    reader.feed("".join(_html(tree)))
    reader.close()
    return [*reader.found, *_literals(tree, classes)]


def _html(node: nodes.Node) -> Iterator[str]:
    """Yield the HTML of a template in its order, with a mark for all that is filled in."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Output):
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                yield child.data
            else:
                yield _FILLED_IN
    else:
        for child in node.iter_child_nodes():
            yield from _html(child)


def _literals(node: nodes.Node, classes: set[str]) -> Iterator[str]:
    """Yield the strings in expressions that look like words for people."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
        if not isinstance(node.args[0], nodes.Const):
            # It would come into the page as HTML, whoever wrote it; the filter `translated` is for that.
            yield f"{node.node.name}() of a value"
        # Only what is filled into the message can still be unmarked.
        for keyword in node.kwargs:
            yield from _literals(keyword, classes)
        return
    if isinstance(node, nodes.Compare | nodes.Import | nodes.FromImport | nodes.Include | nodes.Extends):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and _is_wording(node.value, classes):
        yield repr(node.value)
    for child in node.iter_child_nodes():
        yield from _literals(child, classes)


def _is_wording(text: str, classes: set[str]) -> bool:
    words = text.split()
    if _SENTENCE.match(text):
        return True
    return (
        len(words) > 1
        and all(re.fullmatch(r"[\w’',.:;!?-]+", word) for word in words)
        and any(word not in classes for word in words)
    )


def style_classes() -> set[str]:
    """Return the names of classes that the style sheets know."""
    sheets = (path.read_text(encoding="utf-8") for path in (ROOT / "forum" / "static" / "css").glob("*.css"))
    return {name for sheet in sheets for name in re.findall(r"\.([a-z][\w-]*)", sheet)}
