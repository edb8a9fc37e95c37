"""HTML of a post into Markdown that renders to the same again.

The Markdown is what the author of an imported post sees when they edit it, so it is written as a person would
write it: characters are escaped only where Markdown would take them for its own.
"""

from collections.abc import Callable

import lxml.html
from lxml import etree

from forum.importers.stackexchange.html_to_markdown.blocks import write_blocks
from forum.importers.stackexchange.html_to_markdown.dialect import DEFAULT, Dialect

__all__ = ["DEFAULT", "Dialect", "parse_html", "to_markdown"]

# That of lxml.html looks for the class of each element in Python, which is a fifth of reading a text.
_PARSER = etree.HTMLParser()


def to_markdown(html: str, *, dialect: Dialect = DEFAULT, rewrite: Callable[[str], str] = str) -> str:
    """Return Markdown for the HTML of a post; `rewrite` gives the address that each link shall have."""
    return write_blocks(parse_html(html), dialect=dialect, rewrite=rewrite)


def parse_html(html: str) -> etree._Element:
    """Return the HTML as one element without comments; what can't be parsed at all becomes its text."""
    element = _PARSER.makeelement("div")
    try:
        found = lxml.html.fragments_fromstring(html.replace("\r\n", "\n"), parser=_PARSER)
    except (etree.ParserError, ValueError):
        element.text = html
        return element
    if found and isinstance(found[0], str):
        element.text = found.pop(0)
    element.extend(found)
    etree.strip_tags(element, etree.Comment, etree.ProcessingInstruction)
    return element
