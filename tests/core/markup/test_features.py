"""What people from GitHub and Stack Overflow expect of Markdown, one construct per case."""

import re

import pytest

from forum.core.markup import Flavour, Rendered, Source
from forum.core.markup.pipeline import convert

EXTERNAL = 'rel="nofollow ugc noopener"'


def html_of(source: str, flavour: Flavour = Flavour.POST) -> str:
    """Return the HTML without the blanks between elements."""
    return re.sub(r"\s*\n\s*(?=<|$)|(?<=>)\n\s*", "", convert(Source(source, flavour)).html)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("text\n- a\n- b", "<p>text</p><ul><li>a</li><li>b</li></ul>"),
        ("text\n1. a\n2. b", "<p>text</p><ol><li>a</li><li>b</li></ol>"),
        ("in\n1984. A year", "<p>in\n1984. A year</p>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("1) a\n2) b", "<ol><li>a</li><li>b</li></ol>"),
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("- a\n    - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("1. a\n\n    more\n\n2. b", "<ol><li><p>a</p><p>more</p></li><li><p>b</p></li></ol>"),
        ("- a\n\n\n\n- b\n\nend", "<ul><li><p>a</p></li><li><p>b</p></li></ul><p>end</p>"),
        ("- a\n- b\n\n  [1]: /c", "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n+ b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
        ("- a\ngoes on\n- b", "<ul><li>a\ngoes on</li><li>b</li></ul>"),
        ("- a\n> b", "<ul><li>a</li></ul><blockquote><p>b</p></blockquote>"),
        ("- a\n---\nb", "<ul><li>a</li></ul><hr><p>b</p>"),
        ("-\n- b", "<ul><li></li><li>b</li></ul>"),
        ("> text\n> - a", "<blockquote><p>text</p><ul><li>a</li></ul></blockquote>"),
        ("- > a\n- b", "<ul><li><blockquote><p>a</p></blockquote></li><li>b</li></ul>"),
        ("-       code", "<ul><li><pre><code>  code</code></pre></li></ul>"),
        ("* * *", "<hr>"),
        ("-not a list", "<p>-not a list</p>"),
        ("- - a", "<ul><li><ul><li>a</li></ul></li></ul>"),
    ],
)
def test_lists(source: str, html: str) -> None:
    assert html_of(source) == html


def test_deeply_nested_lists_become_text() -> None:
    html = html_of("- " * 400 + "x")

    assert html.count("<ul>") == 12
    assert html.count("- ") == 388


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("```\na\n\n\tb\n```", "<pre><code>a\n\n\tb</code></pre>"),
        ("```nosuchlanguage\na\n```", "<pre><code>a</code></pre>"),
        ("~~~\na\n~~~", "<pre><code>a</code></pre>"),
        ("text\n```\na\n```\nmore", "<p>text</p><pre><code>a</code></pre><p>more</p>"),
        ("````\n```\na\n```\n````", "<pre><code>```\na\n```</code></pre>"),
        ("```\na\n`````", "<pre><code>a</code></pre>"),
        ("```\nleft open\n\n- a", "<pre><code>left open\n\n- a</code></pre>"),
        ("- a\n  ```\n  b\n    c\n  ```\n- d", "<ul><li>a<pre><code>b\n  c</code></pre></li><li>d</li></ul>"),
        ("1. a\n\n   ```\n   b\n   ```\n", "<ol><li><p>a</p><pre><code>b</code></pre></li></ol>"),
        ("- ```\n  a\n  ```", "<ul><li><pre><code>a</code></pre></li></ul>"),
        (
            "> ```\n> a\n>\n> b\n> ```\nout",
            "<blockquote><pre><code>a\n\nb</code></pre></blockquote><p>out</p>",
        ),
        ("> ```\n> a\nout", "<blockquote><pre><code>a</code></pre></blockquote><p>out</p>"),
        ("    ```\n    a\n    ```", "<pre><code>```\na\n```</code></pre>"),
        ("    a\n    b", "<pre><code>a\nb</code></pre>"),
        ("```\n<b>&amp;</b>\n```", "<pre><code>&lt;b&gt;&amp;amp;&lt;/b&gt;</code></pre>"),
        ("``a ` b``", "<p><code>a ` b</code></p>"),
        ("`&lt;`", "<p><code>&amp;lt;</code></p>"),
        ("    a\u202eb\u2066", "<pre><code>a[U+202E]b[U+2066]</code></pre>"),
        ("`a&#x202e;\u202e`", "<p><code>a&amp;#x202e;[U+202E]</code></p>"),
        ("<code>a&#x202e;b</code>", "<p><code>a[U+202E]b</code></p>"),
    ],
)
def test_code(source: str, html: str) -> None:
    assert html_of(source).replace("\n</code>", "</code>") == html


@pytest.mark.parametrize(
    "info", ["python", "py title=x", "{.python}", "{.py linenos=1}", "Python", "python {1,2}", " python3 "]
)
def test_code_of_a_known_language_has_colours(info: str) -> None:
    html = convert(Source(f"```{info}\nreturn 1\n```")).html

    assert html.startswith(
        '<pre class="highlight"><code class="language-python"><span class="k">return</span>'
    )


@pytest.mark.parametrize(
    "info",
    [
        "{lang=py}",
        "{ lang=x }",
        "py linenostart=abc",
        "py stripnl=x",
        "py pygments_style=x",
        "py pygments_formatter=rtf",
        "py tagsfile=x",
        "py outencoding=rot13",
        "py encoding=utf-7",
        "py cssfile=/tmp/x full=1",
        "py src='x'",
        '" onmouseover="alert(1)',
        "\\",
        "{.}",
    ],
)
@pytest.mark.parametrize("mark", ["```", "~~~"])
def test_nothing_else_on_the_opening_line_of_code_has_an_effect(mark: str, info: str) -> None:
    plain = convert(Source(f"{mark}{info.split()[0] if info.startswith('py') else ''}\nx = 1\n{mark}"))

    assert convert(Source(f"{mark}{info}\nx = 1\n{mark}")) == plain


@pytest.mark.parametrize("code", ["x = 1\n" * 2_000, "1+" * 3_000])
def test_long_and_dense_code_stays_plain(code: str) -> None:
    html = convert(Source(f"```python\n{code}\n```")).html

    assert "<span" not in html
    assert "language-python" in html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("snake_case_words and __init__.py", "<p>snake_case_words and <strong>init</strong>.py</p>"),
        ("a snake_case_word", "<p>a snake_case_word</p>"),
        ("*.txt and *.log", "<p>*.txt and *.log</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("*a* **b** ***c***", "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em></p>"),
        ("~~gone~~ and ~5", "<p><del>gone</del> and ~5</p>"),
        ("H~2~O", "<p>H~2~O</p>"),
        ("C++ and C# and F#", "<p>C++ and C# and F#</p>"),
        ("#define X 1", "<p>#define X 1</p>"),
        ("#1 is first", "<p>#1 is first</p>"),
        ("# Heading", "<h1>Heading</h1>"),
        ("###### Heading ##", "<h6>Heading</h6>"),
        ("Title\n=====", "<h1>Title</h1>"),
        ("line\nline", "<p>line\nline</p>"),
        ("line  \nline", "<p>line<br>line</p>"),
        (r"\*a\* \@b \<b> C:\dir\_x", "<p>*a* @b &lt;b&gt; C:\\dir_x</p>"),
        ("a & b &copy; &lt; &amp;lt;", "<p>a &amp; b \u00a9 &lt; &amp;lt;</p>"),
        ("5 < 6 > 4", "<p>5 &lt; 6 &gt; 4</p>"),
        ("vector<int> x", "<p>vector&lt;int&gt; x</p>"),
        ("List<Map<String, Foo>> x", "<p>List&lt;Map&lt;String, Foo&gt;&gt; x</p>"),
        ("", ""),
        (" \n\t\n", ""),
    ],
)
def test_text(source: str, html: str) -> None:
    assert html_of(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[a](https://b.org 'T')", f'<p><a title="T" href="https://b.org" {EXTERNAL}>a</a></p>'),
        ("[a](/questions/1)", '<p><a href="/questions/1">a</a></p>'),
        ("[a][1]\n\n[1]: https://b.org", f'<p><a href="https://b.org" {EXTERNAL}>a</a></p>'),
        ("<https://b.org>", f'<p><a href="https://b.org" {EXTERNAL}>https://b.org</a></p>'),
        ("<me@b.org>", f'<p><a href="mailto:me@b.org" {EXTERNAL}>me@b.org</a></p>'),
        ("root@b.org", "<p>root@b.org</p>"),
        (
            "see https://b.org/a_b_c?x=1&y=2.",
            f'<p>see <a href="https://b.org/a_b_c?x=1&amp;y=2" {EXTERNAL}>https://b.org/a_b_c?x=1&amp;y=2</a>.</p>',
        ),
        (
            "**https://b.org/**",
            f'<p><strong><a href="https://b.org/" {EXTERNAL}>https://b.org/</a></strong></p>',
        ),
        ("`https://b.org`", "<p><code>https://b.org</code></p>"),
        ("[https://a.org](https://b.org)", f'<p><a href="https://b.org" {EXTERNAL}>https://a.org</a></p>'),
        (
            '<a href="https://b.org?a=1&copy=2&sect=3">x</a>',
            f'<p><a href="https://b.org?a=1&amp;copy=2&amp;sect=3" {EXTERNAL}>x</a></p>',
        ),
        ("[a](javascript:1)", "<p><a>a</a></p>"),
        ("ftp://b.org data:1", "<p>ftp://b.org data:1</p>"),
        ("![a](/uploads/i.png)", '<p><a href="/uploads/i.png" class="remote-image">a</a></p>'),
        (
            "![a cat](https://i.stack.imgur.com/x.png)",
            f'<p><a href="https://i.stack.imgur.com/x.png" {EXTERNAL} class="remote-image">a cat</a></p>',
        ),
        (
            "![](https://i.org/x.png)",
            f'<p><a href="https://i.org/x.png" {EXTERNAL} class="remote-image">x.png</a></p>',
        ),
        ("[![a](https://i.org/x.png)](/q)", '<p><a href="/q">a</a></p>'),
        ("![a](data:image/png;base64,x)", "<p>a</p>"),
    ],
)
def test_links_and_images(source: str, html: str) -> None:
    assert html_of(source) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (
            "- [ ] a\n- [x] b",
            '<ul class="task-list"><li class="task-list-item">'
            '<label><input type="checkbox" disabled> a</label></li><li class="task-list-item">'
            '<label><input type="checkbox" checked disabled> b</label></li></ul>',
        ),
        (
            "- [ ] a *b* [c](/d)\n\n    d\n- [x] e\n    - [ ] f",
            '<ul class="task-list"><li class="task-list-item"><p>'
            '<label><input type="checkbox" disabled> a <em>b</em> <a href="/d">c</a></label></p><p>d</p></li>'
            '<li class="task-list-item"><p><label><input type="checkbox" checked disabled> e</label></p>'
            '<ul class="task-list"><li class="task-list-item">'
            '<label><input type="checkbox" disabled> f</label></li></ul></li></ul>',
        ),
        (
            '<label for="x"><b><input type="checkbox"> a</b> b <input type="checkbox" id="x"> c</label>',
            '<p><b><label><input type="checkbox" disabled> a</label></b> b '
            '<label><input type="checkbox" disabled> c</label></p>',
        ),
        (
            "text\n\n| a | b |\n|---|--:|\n| 1 | `x` |",
            '<p>text</p><table><thead><tr><th>a</th><th align="right">b</th></tr></thead>'
            '<tbody><tr><td>1</td><td align="right"><code>x</code></td></tr></tbody></table>',
        ),
        ("<kbd>Ctrl</kbd>+<kbd>C</kbd>", "<p><kbd>Ctrl</kbd>+<kbd>C</kbd></p>"),
        ("x<sup>2</sup> y<sub>1</sub> <s>z</s>", "<p>x<sup>2</sup> y<sub>1</sub> <s>z</s></p>"),
        ("a<br>b<br/>c", "<p>a<br>b<br>c</p>"),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("<hr>", "<hr>"),
        ("<!-- language: lang-py -->\n\ntext", "<p>text</p>"),
        ("> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"),
        ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"),
        ("<details>a</details>", "&lt;details&gt;a&lt;/details&gt;"),
        ('<span class="btn k">a</span>', '<p><span class="k">a</span></p>'),
        ('<input type="text" value="a">', "<p></p>"),
    ],
)
def test_other_constructs(source: str, html: str) -> None:
    assert html_of(source) == html


def test_footnotes_of_two_posts_have_different_ids() -> None:
    text = "a[^1] b[^long name] c[^1]\n\n[^1]: first\n[^long name]: second"
    one, other = (convert(Source(text, anchor=anchor)).html for anchor in ("p1", "p2"))

    ids = re.findall(r' id="([^"]+)"', one)
    assert "user-content-p1-fn-1" in ids
    assert "user-content-p1-fn-2" in ids
    assert len(ids) == len(set(ids)) == 5
    assert set(re.findall(r' href="#([^"]+)"', one)) == set(ids)
    assert not set(ids) & set(re.findall(r' id="([^"]+)"', other))


def test_an_anchor_that_is_no_word_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a lower-case word"):
        Source("a", anchor='p"1')


def test_an_id_of_the_author_is_dropped() -> None:
    assert (
        convert(Source('<li id="login">a</li> <sup id="user-content-x">b</sup>', anchor="p1")).html.count(
            "id="
        )
        == 0
    )


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("a **b** `c` [d](/e)", '<p>a <strong>b</strong> <code>c</code> <a href="/e">d</a></p>'),
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("# a", "<p># a</p>"),
        ("- a", "<p>- a</p>"),
        ("> a", "<p>&gt; a</p>"),
        ("![a](/i.png)", '<p><a href="/i.png" class="remote-image">a</a></p>'),
        ("|a|b|\n|-|-|\n|c|d|", "<p>|a|b|<br>|-|-|<br>|c|d|</p>"),
        ("```\na\n```", "<pre><code>a</code></pre>"),
        ("<h1>a</h1>", "&lt;h1&gt;a&lt;/h1&gt;"),
    ],
)
def test_comments_are_text_and_code(source: str, html: str) -> None:
    assert html_of(source, Flavour.COMMENT) == html


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("- a", "<ul><li>a</li></ul>"),
        ("# a", "<p># a</p>"),
        ("![a](/i.png)", '<p><a href="/i.png" class="remote-image">a</a></p>'),
    ],
)
def test_profiles_have_lists_but_no_headings_and_images(source: str, html: str) -> None:
    assert html_of(source, Flavour.ABOUT) == html


def mentioning(source: str) -> Rendered:
    return convert(Source(source, mentions={"bob": "/users/1/bob", "eve": "javascript:1"}))


@pytest.mark.parametrize(
    "source", ["@bob", "@Bob", "(@bob)", "@bob.", "*@bob*", "\u4f60\u597d@bob", "- a\n- @bob"]
)
def test_a_mention_of_a_known_name_is_a_link(source: str) -> None:
    rendered = mentioning(source)

    assert re.search('<a href="/users/1/bob" class="mention">@[Bb]ob</a>', rendered.html)
    assert rendered.mentions == {"bob"}


@pytest.mark.parametrize(
    "source",
    [
        "@ann",
        "@eve",
        "a@bob",
        "`@bob`",
        "```\n@bob\n```",
        "    @bob",
        "<code>@bob</code>",
        "[@bob](/x)",
        '<a href="/x">see @bob</a>',
        "https://example.org/@bob",
        "[a](/x '@bob')",
        "@bobby",
    ],
)
def test_other_names_code_and_links_hold_no_mention(source: str) -> None:
    rendered = mentioning(source)

    assert "mention" not in rendered.html
    assert rendered.mentions == frozenset()


def test_the_plain_text_has_a_line_per_block_and_the_code_apart() -> None:
    rendered = convert(
        Source("# Title\n\na *b* `c &lt;`[^1]\n\n- d\n- e\n\n```python\nx = 1\n\ny = 2\n```\n\n[^1]: note")
    )

    assert rendered.text == "Title\na b c &lt;\nd\ne\nx = 1\ny = 2\nnote"
    assert rendered.code == "c &lt;\nx = 1\n\ny = 2"
