"""Plain texts take a short way, and come out as by the long one."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.core.markup import Flavour, Source
from forum.core.markup.characters import without_controls
from forum.core.markup.paragraphs import paragraphs
from forum.core.markup.pipeline import parsed

WORDS = st.sampled_from(
    (
        "word", "Ünïcode", "it's", '"so"', "3.5", "1)", "- a", "a: b", "http:", "www.example.org", "e.g.",
        "!", "+", "==", "@ada", "{x}", "$a$", "^b^", "(c)", "...", "\u00a0", "\u200b", "\u2028", "\ufffe",
        "%20", "a/b", "--", "\u3042",
    )
)  # fmt: skip
LINES = st.lists(WORDS, max_size=4).map(" ".join)
TEXTS = st.lists(st.sampled_from(["\n", "\n\n", "\n\n\n", "\r\n", " "]) | LINES, max_size=8).map("".join)


@pytest.mark.parametrize("flavour", Flavour)
@settings(max_examples=300)
@given(TEXTS | st.text(st.sampled_from(string.printable)) | st.text())
def test_plain_paragraphs_are_rendered_as_by_markdown_and_bleach(flavour: Flavour, written: str) -> None:
    source = Source(written, flavour)
    text = without_controls(written)

    short = paragraphs(text, source)

    assert short is None or short == parsed(text, source)


@pytest.mark.parametrize(
    "text", ["*a*", "a\n1. b", "a\n---", "see https://example.org", "a  \nb", "    a", "a &amp; b", "<b>", ""]
)
def test_a_text_with_any_mark_takes_the_long_way(text: str) -> None:
    assert paragraphs(text, Source(text)) is None


def test_a_text_that_may_mention_somebody_takes_the_long_way() -> None:
    assert paragraphs("@ada, thanks", Source("@ada, thanks", mentions={"ada": "/users/1"})) is None
    assert paragraphs("@ada, thanks", Source("@ada, thanks")) is not None
