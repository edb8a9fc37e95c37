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


def to_markdown(html: str, *, dialect: Dialect = DEFAULT, rewrite: Callable[[str], str] = str) -> str:
    """Return Markdown for the HTML of a post; `rewrite` gives the address that each link shall have."""
    return write_blocks(parse_html(html), dialect=dialect, rewrite=rewrite)


def parse_html(html: str) -> lxml.html.HtmlElement:
    """Return the HTML as one element without comments; what can't be parsed at all becomes its text."""
    try:
        element = lxml.html.fragment_fromstring(html.replace("\r\n", "\n"), create_parent="div")
    except (etree.ParserError, ValueError):
        element = lxml.html.Element("div")
        element.text = html
    etree.strip_tags(element, etree.Comment, etree.ProcessingInstruction)
    return element
