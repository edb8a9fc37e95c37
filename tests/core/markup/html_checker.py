"""What stored HTML may hold, written down a second time, read by parsers the renderer does not use.

Nothing here comes from `forum`: a mistake in the allow list must not be a mistake in the check.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

from lxml import html as lxml_html

_NAMES = """
    a abbr b bdi blockquote br cite code dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img input ins kbd
    label li mark ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u
    ul var
"""
_ATTRIBUTE_NAMES = (
    "href title rel class src alt width height loading decoding type checked disabled id start align"
)
ELEMENTS = frozenset(re.findall(r"\w+", _NAMES))
ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
Element = tuple[str, dict[str, str]]


class _StdlibReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.elements: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))


def faults(html: str) -> list[str]:
    """Return what a browser should not be given, each with the element it is on."""
    return [
        f"{fault} in <{name} {attributes}>"
        for name, attributes in [*_read_by_stdlib(html), *_read_by_lxml(html)]
        for fault in _faults_of(name, attributes)
    ]


def _read_by_stdlib(html: str) -> list[Element]:
    reader = _StdlibReader()
    reader.feed(html)
    reader.close()
    return reader.elements


def _read_by_lxml(html: str) -> list[Element]:
    # A text without any element has no tree.
    if "<" not in html:
        return []
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    found = [element for element in root.iter() if element is not root]
    return [(str(element.tag), {str(k): str(v) for k, v in element.attrib.items()}) for element in found]


def _faults_of(name: str, attributes: dict[str, str]) -> Iterator[str]:
    if name not in ELEMENTS:
        yield "element"
    for attribute, value in attributes.items():
        if attribute not in ATTRIBUTES:
            yield f"attribute {attribute}"
        if attribute in ("href", "src") and not _is_harmless(value):
            yield f"address {value!r}"
        if attribute == "id" and not value.startswith("user-content-"):
            yield f"id {value!r}"
    if name == "img" and not re.fullmatch(r"/images/[0-9a-z.-]+", attributes.get("src", "")):
        yield "picture that is none of the site's"
    address = attributes.get("href", "")
    if address and address[0] not in "/#" and attributes.get("rel") != "nofollow ugc noopener":
        yield "link without its rel"
    if name == "input" and not ("disabled" in attributes and attributes.get("type") == "checkbox"):
        yield "input"


def _is_harmless(address: str) -> bool:
    """Judge an address as the URL standard of browsers reads it, and refuse whatever has to be corrected."""
    if re.search(r"[\x00-\x20\x7f\\]", address):
        return False
    if address.startswith("#"):
        return True
    if address.startswith("/"):
        return not address.startswith("//")
    parts = urlsplit(address)
    if parts.scheme in ("http", "https"):
        return address.startswith(f"{parts.scheme}://") and bool(parts.hostname) and "@" not in parts.netloc
    return parts.scheme == "mailto" and "@" in parts.path and not parts.query
