import pytest

from forum.core.markup.pipeline import convert
from forum.core.markup.values import Source
from forum.importers.stackexchange.fidelity import Fidelity, compare
from forum.importers.stackexchange.html_to_markdown import to_markdown
from forum.importers.stackexchange.html_to_markdown.dialect import FALLBACKS, Dialect

CASES = [
    ("<p>Plain words.</p>", "Plain words."),
    ("<p>one</p>\n\n<p>two</p>", "one\n\ntwo"),
    ("<p><em>a</em> <strong>b</strong> <b>c</b> <i>d</i></p>", "*a* **b** **c** *d*"),
    ("<p><em> a </em>b</p>", "*a* b"),
    ("<p><em>a <strong>b</strong></em></p>", "_a **b**_"),
    ("<p><strong>a <em>b</em> c</strong></p>", "**a _b_ c**"),
    ("<p><strong><em>a</em></strong></p>", "**_a_**"),
    ("<p>in<em>side</em>r</p>", "in*side*r"),
    ("<p>x<sub>1</sub> y<sup>2</sup> <kbd>Ctrl</kbd></p>", "x<sub>1</sub> y<sup>2</sup> <kbd>Ctrl</kbd>"),
    ("<p><s>a</s> <strike>b</strike> <del>c</del></p>", "<s>a</s> <s>b</s> <s>c</s>"),
    ("<p>one<br>two<br>\nthree</p>", "one  \ntwo  \nthree"),
    ("<p>one<br><br>two</p>", "one<br>  \ntwo"),
    # Code.
    ("<p><code>a*b</code></p>", "`a*b`"),
    ("<p><code>a`b</code></p>", "``a`b``"),
    ("<p><code>`a`</code></p>", "`` `a` ``"),
    ("<p>x<code> a </code>y</p>", "x `a` y"),
    ("<p><code>a &lt;b&gt; &amp;amp;</code></p>", "`a <b> &amp;`"),
    ("<pre><code>x = 1\n\n\ty\n</code></pre>", "```\nx = 1\n\n\ty\n```"),
    (
        '<pre class="lang-js prettyprint-override"><code>let a;\n</code></pre>',
        "```js\nlet a;\n```",
    ),
    ("<pre><code>a\n```\nb\n</code></pre>", "````\na\n```\nb\n````"),
    # Lists.
    ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
    ('<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>', "3. a\n4. b"),
    ("<ul><li><p>a</p></li><li><p>b</p></li></ul>", "- a\n\n- b"),
    ("<ul><li>a<ul><li>b<ol><li>c</li></ol></li></ul></li><li>d</li></ul>", "- a\n  - b\n    1. c\n- d"),
    ("<ul><li><p>a</p><pre><code>x\n</code></pre></li></ul>", "- a\n\n  ```\n  x\n  ```"),
    ("<ul><li><p>a</p><blockquote><p>q</p></blockquote></li></ul>", "- a\n\n  > q"),
    ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
    ("<ol><li>a</li></ol><p>x</p><ol><li>b</li></ol>", "1. a\n\nx\n\n1. b"),
    # Other blocks.
    ("<h1>a</h1><h3>b #</h3>", "# a\n\n### b \\#"),
    ("<blockquote><p>a</p><p>b<br>c</p></blockquote>", "> a\n>\n> b  \n> c"),
    ("<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>", "> a\n\n<!-- -->\n\n> b"),
    ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
    (
        '<table><thead><tr><th>a</th><th style="text-align: right;">b</th></tr></thead>'
        "<tbody><tr><td>x | y</td><td>2</td></tr></tbody></table>",
        "| a | b |\n| --- | --: |\n| x \\| y | 2 |",
    ),
    # Links and images.
    ('<p><a href="https://x.example/a">text</a></p>', "[text](https://x.example/a)"),
    ('<p><a href="https://x.example/a" title="the &quot;T&quot;">t</a></p>',
     '[t](https://x.example/a "the &quot;T&quot;")'),
    ('<p><a href="https://x.example/a">https://x.example/a</a></p>', "<https://x.example/a>"),
    ('<p><a href="https://x.example/a_(b)">t</a></p>', "[t](https://x.example/a_(b))"),
    ('<p><a href="https://x.example/a(b">t</a></p>', "[t](https://x.example/a%28b)"),
    ('<p><a href="https://x.example/a b">t [1]</a></p>', r"[t \[1\]](https://x.example/a%20b)"),
    ('<p>Wow!<a href="https://x.example/">t</a></p>', r"Wow\![t](https://x.example/)"),
    ('<p><img src="https://x.example/a.png" alt="a shot"></p>', "![a shot](https://x.example/a.png)"),
    ('<p><a href="https://x.example/"><img src="https://x.example/a.png" alt="a"></a></p>',
     "[![a](https://x.example/a.png)](https://x.example/)"),
    # Characters that Markdown would take for its own.
    ("<p>2 * 3 * 4 and *x*</p>", r"2 * 3 * 4 and \*x\*"),
    ("<p>snake_case and _x_</p>", r"snake_case and \_x\_"),
    ("<p># no heading</p>", r"\# no heading"),
    ("<p>C# and #1</p>", "C# and #1"),
    ("<p>1. no list</p>", r"1\. no list"),
    ("<p>1.5 times</p>", "1.5 times"),
    ("<p>+ no list</p><p>- no list</p>", "\\+ no list\n\n\\- no list"),
    ("<p>&gt; no quote</p>", r"\> no quote"),
    ("<p>---</p>", r"\---"),
    ("<p>a<br>===</p>", "a  \n\\==="),
    ("<p>a `b` c</p>", r"a \`b\` c"),
    ("<p>[x](y) and [z]</p>", r"\[x](y) and [z]"),
    ("<p>List&lt;int&gt; but 1 &lt; 2</p>", "List&lt;int> but 1 < 2"),
    ("<p>&amp;nbsp; and R&amp;D</p>", "&amp;nbsp; and R&D"),
    (r"<p>C:\*.txt and \alpha</p>", r"C:\\\*.txt and \alpha"),
    ("<p>a ~~b~~</p>", r"a \~\~b\~\~"),
    ("<p>| a | b |<br>|---|---|</p>", "\\| a | b |  \n\\|---|---|"),
]  # fmt: skip


@pytest.mark.parametrize(("html", "markdown"), CASES)
def test_it_writes_markdown_as_people_do(html: str, markdown: str) -> None:
    assert to_markdown(html) == markdown


@pytest.mark.parametrize("html", [html for html, _ in CASES])
def test_its_rendering_is_the_original(html: str) -> None:
    rendered = convert(Source(to_markdown(html))).html

    assert compare(html, rendered) == Fidelity(same_text=True, same_structure=True)


@pytest.mark.parametrize("dialect", FALLBACKS)
@pytest.mark.parametrize(
    "html",
    [
        "<p><em>a</em><strong>b</strong></p>",
        "<p><em>a <strong>b</strong> c</em> d</p>",
        "<p><strong>a <em>b</em></strong></p>",
    ],
)
def test_other_dialects_say_the_same(html: str, dialect: Dialect) -> None:
    rendered = convert(Source(to_markdown(html, dialect=dialect))).html

    assert compare(html, rendered).same_text


def test_links_are_rewritten_and_texts_are_not() -> None:
    html = '<p><a href="https://a.example/q/1">https://a.example/q/1</a></p>'

    assert (
        to_markdown(html, rewrite=lambda address: "/questions/1") == "[https://a.example/q/1](/questions/1)"
    )


@pytest.mark.parametrize("element", ["blockquote", "ul><li", "em", "sup", "div"])
def test_deep_nesting_ends_in_text(element: str) -> None:
    opening = f"<{element}>" * 100

    assert "the bottom" in to_markdown(f"{opening}the bottom")


@pytest.mark.parametrize("html", ["", " \n ", "<!-- only a comment -->", "<p></p>", "<script>x()</script>"])
def test_nothing_to_read_is_nothing_to_write(html: str) -> None:
    assert "<" not in to_markdown(html)


@pytest.mark.parametrize(
    ("original", "rendered", "same_text", "same_structure"),
    [
        ("<p>a  b</p>", "<p>a b</p>", True, True),
        ("<p>a</p>", "<p>b</p>", False, True),
        ("<p>a</p>", "<p><em>a</em></p>", True, False),
        ("<pre><code>a  b</code></pre>", "<pre><code>a b</code></pre>", False, True),
        ("<ul><li><p>a</p></li></ul>", "<ul><li>a</li></ul>", True, True),
        ("<p>a<br></p>", "<p>a</p>", True, True),
        ("<p>a<br>b</p>", "<p>a b</p>", True, False),
    ],
)
def test_fidelity_is_what_a_reader_sees(
    original: str, rendered: str, same_text: bool, same_structure: bool
) -> None:
    assert compare(original, rendered) == Fidelity(same_text=same_text, same_structure=same_structure)
