"""From Markdown to stored HTML, without any limit of time: see `pool` for that."""

from functools import cache

from markdown import Markdown

from forum.core.markup.characters import without_controls
from forum.core.markup.paragraphs import paragraphs
from forum.core.markup.sanitising import sanitise
from forum.core.markup.syntax import markdown_for
from forum.core.markup.values import Flavour, Rendered, Source

MAX_GROWTH = 20  # times the source; ordinary posts with much code reach 6
MIN_OUTPUT = 65_536  # characters that any source may become, however short


class OutputTooLarge(Exception):
    """The HTML is out of all proportion to its source."""


def convert(source: Source) -> Rendered:
    """Return the rendered source; raises OutputTooLarge, and whatever Python-Markdown stumbles over."""
    text = without_controls(source.text)
    return paragraphs(text, source) or parsed(text, source)


def parsed(text: str, source: Source) -> Rendered:
    """Return the source, whose `text` is free of controls, by way of Python-Markdown and Bleach."""
    limit = max(MIN_OUTPUT, MAX_GROWTH * len(text))
    try:
        unsafe = _markdown(source.flavour).reset().convert(text)
    except BaseException:
        # Half-way through a text a converter keeps state that the next text would be read with.
        _markdown.cache_clear()
        raise
    if len(unsafe) > limit:
        raise OutputTooLarge
    safe = sanitise(unsafe, flavour=source.flavour, mentions=source.mentions, anchor=source.anchor)
    if len(safe.html) > limit:
        raise OutputTooLarge
    return Rendered(safe.html, safe.text, safe.code, safe.mentions)


@cache
def _markdown(flavour: Flavour) -> Markdown:
    return markdown_for(flavour)
