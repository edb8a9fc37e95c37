"""Reading stored HTML must give what rendering gave."""

import pytest

from forum.core.markup import render
from forum.search.plain_text import plain_text

SOURCES = [
    "One *word* and a `code span` & an entity: 3 < 4.",
    "Before\n\n```python\ndef f(x):\n    return '<b>' + x\n```\n\nafter `a` and `b`",
    "| a | `b` |\n|---|---|\n| 1 | 2 |",
    "- [x] done\n- open\n    - deeper `c`\n\n1. first\n2. second",
    "A note[^1] and another[^2].\n\n[^1]: The *first*.\n[^2]: The second.",
    'See <https://example.org/?a=1&b=2> and [this](https://example.org "a > b \\"c\\"") or https://example.net',
    "![a picture of a > b](https://example.org/a.png) <kbd>Ctrl</kbd> <samp>out</samp>",
    "Line one  \nline two<br>line three\n\n***\n\n> quoted\n> more",
    "    indented < code\n    second line\n\ntext",
    "Привет, 世界: naïve &nbsp; &amp;lt; &#x27;",
    "<script>alert(1)</script> <b onclick=x>bold</b> <pre>raw `not a span`</pre>",
]


@pytest.mark.parametrize("source", SOURCES)
def test_it_says_what_rendering_said(source: str) -> None:
    rendered = render(source)

    read = plain_text(rendered.html)

    assert (rendered.text, rendered.code) == (read.text, read.code)


def test_it_takes_a_text_that_could_not_be_rendered_for_prose() -> None:
    read = plain_text('<pre class="plain">**not** rendered &lt;b&gt;</pre>')

    assert read.text == "**not** rendered <b>"
    assert read.code == ""


def test_numbers_of_footnotes_are_no_words() -> None:
    read = plain_text(render("It fails[^1].\n\n[^1]: Sometimes.").html)

    assert read.text == "It fails.\nSometimes."
