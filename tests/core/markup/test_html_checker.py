import pytest

from tests.core.markup.html_checker import faults


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<svg/onload=alert(1)>",
        "<p onclick='x'>a</p>",
        "<p style='color:red'>a</p>",
        "<p id='login'>a</p>",
        "<a href='javascript:1' rel='nofollow ugc noopener'>a</a>",
        "<a href=' java\nscript:1' rel='nofollow ugc noopener'>a</a>",
        "<a href='//evil.example' rel='nofollow ugc noopener'>a</a>",
        "<a href='/\\evil.example'>a</a>",
        "<a href='https://a@evil.example' rel='nofollow ugc noopener'>a</a>",
        "<a href='https://example.org'>a</a>",
        "<a href='/x' target='_blank'>a</a>",
        "<img src='https://example.org/i.png' alt=''>",
        "<img src='/sign-out' alt=''>",
        "<input type='text' disabled>",
        "<form action='/x'></form>",
    ],
)
def test_the_checker_finds_what_it_looks_for(html: str) -> None:
    assert faults(html)


def test_the_checker_accepts_what_posts_may_hold() -> None:
    html = (
        "<h2>A</h2><p><a href='https://example.org/?a=1&amp;b=2' rel='nofollow ugc noopener'>x</a>"
        "<img src='/images/1-2x3.png' alt='' width='2' height='3' loading='lazy' decoding='async'>"
        "<sup id='user-content-p1-fnref-1'>1</sup></p><ul><li><input type='checkbox' disabled> a</li></ul>"
    )

    assert faults(html) == []
