"""Python-Markdown with the constructs that people know from GitHub and Stack Overflow."""

import string

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.nl2br import Nl2BrExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import AutolinkInlineProcessor, SimpleTextInlineProcessor
from pymdownx.betterem import BetterEmExtension
from pymdownx.saneheaders import SaneHeadersExtension
from pymdownx.tasklist import TasklistExtension
from pymdownx.tilde import DeleteSubExtension

from forum.core.markup.fences import FencedCode, FencedCodePlaces
from forum.core.markup.links import MAILBOX
from forum.core.markup.lists import Lists
from forum.core.markup.mentions import ADDRESS_WITHOUT_END
from forum.core.markup.values import Flavour

_MISSING_BLOCKS = {
    Flavour.POST: (),
    Flavour.ABOUT: ("hashheader", "setextheader"),
    Flavour.COMMENT: ("hashheader", "setextheader", "hr", "code", "quote"),
}


def markdown_for(flavour: Flavour) -> Markdown:
    """Return a converter whose output is not safe yet."""
    extensions: list[Extension] = [BetterEmExtension(), DeleteSubExtension(subscript=False)]
    if flavour is Flavour.COMMENT:
        extensions.append(Nl2BrExtension())
    else:
        extensions += [SaneHeadersExtension(), TasklistExtension()]
    if flavour is Flavour.POST:
        # Alignment as an attribute, because style attributes are never stored.
        extensions += [TableExtension(use_align_attribute=True), FootnoteExtension()]
    markdown = Markdown(extensions=extensions, output_format="html")
    _replace_blocks(markdown, flavour)
    _replace_inline_patterns(markdown)
    return markdown


def _replace_blocks(markdown: Markdown, flavour: Flavour) -> None:
    """Register our processors; the numbers are their places among those of Python-Markdown."""
    blocks = markdown.parser.blockprocessors
    for name in ("indent", "olist", "ulist", *_MISSING_BLOCKS[flavour]):
        blocks.deregister(name)
    markdown.preprocessors.deregister("normalize_whitespace")
    markdown.preprocessors.register(FencedCode(markdown), "fences", 30)
    blocks.register(FencedCodePlaces(markdown.parser), "fence_places", 62)
    if flavour is not Flavour.COMMENT:
        # Before underlined headings (60), which would take "- item" over "---" for one.
        blocks.register(Lists(markdown.parser), "lists", 65)


def _replace_inline_patterns(markdown: Markdown) -> None:
    # Python-Markdown knows fewer escapes than CommonMark. An escaped & could not be told from an entity.
    markdown.ESCAPED_CHARS = sorted(set(string.punctuation) - {"&"})
    # Keeps emphasis (60) out of addresses in running text, which become links when the HTML is made safe.
    written_out = SimpleTextInlineProcessor(f"({ADDRESS_WITHOUT_END})", markdown)
    markdown.inlinePatterns.register(written_out, "written_out_address", 75)
    # In place of a pattern that writes each letter as an entity, ten times the length.
    mail = AutolinkInlineProcessor(f"<({MAILBOX})>", markdown)
    markdown.inlinePatterns.register(mail, "automail", 110)
